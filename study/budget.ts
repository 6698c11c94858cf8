import type { BudgetLimits, EventOf, StopReason } from './events.ts';
import type { History } from './history.ts';
import type { Price } from './price.ts';
import { totalTokens } from './usage.ts';

type Unit = EventOf<'budget-reached'>['unit'];

/** A reply shorter than this is of no use: a call that leaves no room for it is not made. */
const SMALLEST_REPLY_TOKENS = 1_000;
/** More room than this is offered to no reply: many models refuse a request that asks for more than they can write. */
const LARGEST_REPLY_TOKENS = 16_384;
/** Room enough for a model that reasons; beyond it a reply may take no more than {@link LARGEST_SHARE}. */
const AMPLE_REPLY_TOKENS = 4_000;
/** Of what is left: a request that is lost, with all that was reserved for it, must not end a study by itself. */
const LARGEST_SHARE = 0.25;

/** A limit that the next step would pass. Thrown before anything is spent. */
export class BudgetReached extends Error {
  override readonly name = 'BudgetReached';
  readonly unit: Unit;
  readonly limit: number;
  readonly used: number;

  constructor(unit: Unit, limit: number, used: number) {
    super(describe(unit, limit, used));
    this.unit = unit;
    this.limit = limit;
    this.used = used;
  }
}

export const STOP_REASON_OF: Record<Unit, StopReason> = {
  trials: 'trial-budget',
  seconds: 'time-budget',
  tokens: 'token-budget',
  usd: 'cost-budget',
  requests: 'request-budget',
};

/** Active seconds up to `now`, the running stretch included. */
export function activeSecondsAt(history: History, now: Date): number {
  const sinceLastEvent = history.end === undefined ? Math.max(0, now.getTime() - Date.parse(history.lastEventAt)) : 0;
  return history.activeSeconds + sinceLastEvent / 1000;
}

/** Tokens that count towards the budget: reported ones, and estimates where the provider reported none. */
export function tokensUsed(history: History): number {
  return totalTokens(history.usage());
}

/** The first budget that leaves no room for another trial; undefined when there is room. */
export function reachedBudget(history: History, now: Date): BudgetReached | undefined {
  const { trials, maxSeconds }: BudgetLimits = history.budget;
  const finished = history.finished.length;
  if (trials !== undefined && finished >= trials) return new BudgetReached('trials', trials, finished);
  const seconds = activeSecondsAt(history, now);
  if (maxSeconds !== undefined && seconds + expectedTrialSeconds(history) >= maxSeconds)
    return new BudgetReached('seconds', maxSeconds, seconds);
  return modelBudgets(history).find(({ limit, used }) => used >= limit);
}

/**
 * Asked before every request to a model, with a high estimate of its prompt’s tokens. Answers the most tokens that the
 * reply may have, so that not even the longest one passes a limit; undefined where none is set. Throws
 * {@link BudgetReached} when there is no room for the prompt and a useful reply. Nothing is held back for the final
 * analysis: the last tokens go to trials, and the report needs no model.
 */
export function reserveRequest(history: History, promptTokens: number, price: Price): number | undefined {
  const rooms = modelBudgets(history).map((budget) => {
    const room = replyRoom(budget, promptTokens, price);
    if (room < SMALLEST_REPLY_TOKENS) throw budget;
    return room;
  });
  const room = Math.min(...rooms);
  if (room === Number.POSITIVE_INFINITY) return undefined;
  const share = Math.max(AMPLE_REPLY_TOKENS, Math.floor(LARGEST_SHARE * room));
  return Math.min(LARGEST_REPLY_TOKENS, room, share);
}

/** The budgets that requests to models use up, as they stand. */
function modelBudgets(history: History): BudgetReached[] {
  const { maxTokens, maxUsd, maxRequests }: BudgetLimits = history.budget;
  const { requests, spentUsd } = history.usage();
  return [
    ...(maxTokens === undefined ? [] : [new BudgetReached('tokens', maxTokens, tokensUsed(history))]),
    ...(maxUsd === undefined ? [] : [new BudgetReached('usd', maxUsd, spentUsd)]),
    ...(maxRequests === undefined ? [] : [new BudgetReached('requests', maxRequests, requests)]),
  ];
}

/** How many tokens of a reply a budget can pay for after the prompt. */
function replyRoom({ unit, limit, used }: BudgetReached, promptTokens: number, price: Price): number {
  const left = limit - used;
  if (unit === 'tokens') return left - promptTokens;
  if (unit === 'requests') return left >= 1 ? Number.POSITIVE_INFINITY : 0;
  if (price.kind !== 'priced') return Number.POSITIVE_INFINITY;
  const { input, output } = price.rates;
  const forReply = left - (promptTokens * input) / 1e6;
  return forReply < 0 ? 0 : Math.floor((forReply * 1e6) / output);
}

/** The median training time so far, in seconds; 0 before the first. A trial that would not fit is not begun. */
function expectedTrialSeconds(history: History): number {
  const times = history.complete.flatMap((trial) => trial.attempts.at(-1)?.wallSeconds ?? []).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

function describe(unit: Unit, limit: number, used: number): string {
  if (unit === 'trials') return `The budget of ${limit} trial${limit === 1 ? '' : 's'} is used.`;
  if (unit === 'usd') return `The budget of $${limit} has no room for another request ($${used.toFixed(4)} used).`;
  return `The budget of ${limit} ${unit} has no room for more (${unit === 'seconds' ? used.toFixed(1) : Math.round(used)} used).`;
}
