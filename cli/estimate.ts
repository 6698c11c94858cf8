import type { ModelRole } from '../agents/model-access.ts';
import type { ProjectedUse } from '../agents/project-study.ts';
import type { Settings } from '../configs/schema.ts';
import { costOfCall, type Price } from '../study/price.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import type { Task } from '../study/task.ts';
import { promptStyleOf } from './ablations.ts';
import { llmTrialsOf } from './llm-trials.ts';
import type { PricedRole } from './money.ts';
import { formatCount, formatDollars } from './numbers.ts';
import type { RoleModels } from './role-models.ts';
import { textTable } from './text-table.ts';

/**
 * The lower end: every answer right the first time, short, without reasoning, and no look into the log (`looks`: the
 * embedded model takes one before each proposal). Prompts are counted high, by a third.
 */
const LOW = { requests: 1, looks: 0.5, promptShare: 0.75, replyTokens: 250 };
/** The upper end: half as many requests again (a look into the log, a mended answer, fewer calls a turn), with reasoning. */
const HIGH = { requests: 1.5, looks: 1, promptShare: 1, replyTokens: 2_500 };

export const ASSUMPTIONS = [
  `low: every answer right the first time, replies of ${LOW.replyTokens} tokens, no reasoning`,
  `high: ${HIGH.requests} times the requests, replies of ${HIGH.replyTokens} tokens with reasoning`,
  'no prompt token is counted as cached, which would cost less; no trial fails',
];

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface RoleEstimate {
  readonly role: ModelRole | 'total';
  readonly model: string | null;
  readonly requests: Range;
  readonly tokens: Range;
  /** US dollars; null when the price is unknown. */
  readonly usd: Range | null;
}

export interface EstimateRequest {
  readonly task: Task;
  readonly settings: Settings;
  readonly beginWithDefault: boolean;
  readonly models: RoleModels;
  readonly priced: readonly PricedRole[];
}

/** What the study would take, by role and in total, from its own prompts. Starts nothing, needs no key and no network. */
export async function estimateStudy({ task, settings, beginWithDefault, models, priced }: EstimateRequest) {
  const { projectStudy } = await import('../agents/project-study.ts');
  const { trials, executor, strategy } = settings;
  const isHybrid = strategy === 'hybrid';
  const use = await projectStudy({
    task,
    trials,
    executor,
    beginWithDefault,
    creatorTrials: creatorTrialsOf(settings),
    isHybrid,
    style: promptStyleOf(settings),
  });
  const roles = (['creator', 'executor', 'report'] as const)
    .filter((role) => use[role].requests > 0)
    .map((role): RoleEstimate => {
      const price = priced.find(({ model }) => model.name === models[role])?.price ?? { kind: 'unknown' };
      const [low, high] = [LOW, HIGH].map((end) => endOf(end, role, use[role], price));
      if (low === undefined || high === undefined) throw new Error('an estimate has two ends');
      return { role, model: models[role], ...between(low, high) };
    });
  return [...roles, totalOf(roles)];
}

/** The points that the Creator is asked for, the default aside. */
function creatorTrialsOf(settings: EstimateRequest['settings']): number {
  const { strategy, trials } = settings;
  return isCreatorStrategy(strategy) ? Math.min(trials, llmTrialsOf(settings) ?? trials) : 0;
}

interface End {
  readonly requests: number;
  readonly tokens: number;
  readonly usd: number | null;
}

function endOf(assumed: typeof LOW, role: ModelRole, used: ProjectedUse, price: Price): End {
  const share = assumed.requests * (role === 'creator' ? assumed.looks : 1);
  const requests = Math.ceil(used.requests * share);
  const promptTokens = Math.round(used.promptTokens * share * assumed.promptShare);
  const completionTokens = requests * assumed.replyTokens;
  const usd = costOfCall(price, { promptTokens, completionTokens });
  return { requests, tokens: promptTokens + completionTokens, usd };
}

function between(low: End, high: End) {
  return {
    requests: { low: low.requests, high: high.requests },
    tokens: { low: low.tokens, high: high.tokens },
    usd: low.usd === null || high.usd === null ? null : { low: low.usd, high: high.usd },
  };
}

function totalOf(roles: readonly RoleEstimate[]): RoleEstimate {
  const sum = (pick: (each: RoleEstimate) => Range): Range => ({
    low: roles.reduce((total, each) => total + pick(each).low, 0),
    high: roles.reduce((total, each) => total + pick(each).high, 0),
  });
  const isKnown = roles.every(({ usd }) => usd !== null);
  return {
    role: 'total',
    model: null,
    requests: sum(({ requests }) => requests),
    tokens: sum(({ tokens }) => tokens),
    usd: isKnown ? sum(({ usd }) => usd ?? { low: 0, high: 0 }) : null,
  };
}

/** The estimate as a table with its assumptions. */
export function describeEstimate(estimates: readonly RoleEstimate[]): string[] {
  const rows = estimates.map(({ role, model, requests, tokens, usd }) => [
    role,
    model ?? '',
    rangeOf(requests, formatCount),
    rangeOf(tokens, formatCount),
    usd === null ? 'unknown' : rangeOf(usd, formatDollars),
  ]);
  return [...textTable([['role', 'model', 'requests', 'tokens', 'cost'], ...rows]), ...ASSUMPTIONS];
}

/** The estimate in a line: `About 30k to 120k tokens in 20 to 30 requests: $0.01 to $0.09.` */
export function estimateLine(estimates: readonly RoleEstimate[]): string {
  const { requests, tokens, usd } = estimates.at(-1) ?? totalOf([]);
  const cost = usd === null ? 'cost unknown' : rangeOf(usd, formatDollars);
  return `Estimate: ${rangeOf(tokens, formatCount)} tokens in ${rangeOf(requests, formatCount)} requests, ${cost}.`;
}

function rangeOf({ low, high }: Range, format: (value: number) => string): string {
  return format(low) === format(high) ? format(low) : `${format(low)} to ${format(high)}`;
}
