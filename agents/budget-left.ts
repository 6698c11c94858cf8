import { activeSecondsAt, tokensUsed } from '../study/budget.ts';
import type { History } from '../study/history.ts';

/** What is left of the study before the proposal of `trial`, in sentences; says so when it is the last trial. */
export function describeBudgetLeft(history: History, trial: number): string {
  const { trials } = history.budget;
  const left = trials === undefined ? undefined : trials - trial + 1;
  const count =
    left === undefined
      ? 'The study has no limit of trials.'
      : left <= 1
        ? 'This is the last trial of the study. Nothing can build on what it teaches: aim for the best value.'
        : `${left} trials are left, this one included.`;
  return [count, secondsLeft(history), tokensLeft(history)].filter((part) => part !== undefined).join(' ');
}

function secondsLeft(history: History): string | undefined {
  const { maxSeconds } = history.budget;
  const pace = paceOf(history);
  if (maxSeconds === undefined) return pace && `A training takes ${pace}.`;
  const left = Math.max(0, Math.round(maxSeconds - activeSecondsAt(history, new Date(history.lastEventAt))));
  return `About ${left} s of the study’s time are left${pace === undefined ? '' : `; a training has taken ${pace}`}.`;
}

/** `6.1 s (median)`. */
function paceOf({ complete }: History): string | undefined {
  const times = complete.flatMap((each) => each.attempts.at(-1)?.wallSeconds ?? []).sort((a, b) => a - b);
  const usual = times[Math.floor(times.length / 2)];
  return usual === undefined ? undefined : `${Number(usual.toPrecision(2))} s (median)`;
}

function tokensLeft(history: History): string | undefined {
  const { maxTokens } = history.budget;
  if (maxTokens === undefined) return undefined;
  const left = Math.max(0, maxTokens - tokensUsed(history));
  return `About ${left} tokens are left for all further requests.`;
}
