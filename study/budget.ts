import type { BudgetLimits, EventOf, StopReason } from './events.ts';
import type { History } from './history.ts';

type Unit = EventOf<'budget-reached'>['unit'];

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
};

/** Active seconds up to `now`, the running stretch included. */
export function activeSecondsAt(history: History, now: Date): number {
  const sinceLastEvent = history.end === undefined ? Math.max(0, now.getTime() - Date.parse(history.lastEventAt)) : 0;
  return history.activeSeconds + sinceLastEvent / 1000;
}

/** The first budget that leaves no room for another trial; undefined when there is room. */
export function reachedBudget(history: History, now: Date): BudgetReached | undefined {
  const { trials, maxSeconds, maxTokens }: BudgetLimits = history.budget;
  const finished = history.finished.length;
  if (trials !== undefined && finished >= trials) return new BudgetReached('trials', trials, finished);
  const seconds = activeSecondsAt(history, now);
  if (maxSeconds !== undefined && seconds + expectedTrialSeconds(history) >= maxSeconds)
    return new BudgetReached('seconds', maxSeconds, seconds);
  return tokenBudget(history, maxTokens, 0);
}

/** Asked before every model call with the most tokens that it may cost. Throws {@link BudgetReached}. */
export function reserveTokens(history: History, tokens: number): void {
  const reached = tokenBudget(history, history.budget.maxTokens, tokens);
  if (reached !== undefined) throw reached;
}

function tokenBudget(history: History, limit: number | undefined, more: number): BudgetReached | undefined {
  const { promptTokens, completionTokens, estimatedTokens } = history.usage();
  const used = promptTokens + completionTokens + estimatedTokens;
  return limit !== undefined && used + more >= limit ? new BudgetReached('tokens', limit, used) : undefined;
}

/** The median training time so far, in seconds; 0 before the first. A trial that would not fit is not begun. */
function expectedTrialSeconds(history: History): number {
  const times = history.complete.flatMap((trial) => trial.attempts.at(-1)?.wallSeconds ?? []).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

function describe(unit: Unit, limit: number, used: number): string {
  if (unit === 'trials') return `The budget of ${limit} trial${limit === 1 ? '' : 's'} is used.`;
  return `The budget of ${limit} ${unit} has no room for more (${unit === 'seconds' ? used.toFixed(1) : Math.round(used)} used).`;
}
