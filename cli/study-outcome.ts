import { adviceRecord } from '../study/advice-record.ts';
import type { History, StudyEnd } from '../study/history.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Trial, TrialState } from '../study/trial.ts';
import { trivialBaseline } from '../study/trivial.ts';
import type { Usage } from '../study/usage.ts';
import { EXIT } from './context.ts';

/** What `tune --json` and `resume --json` print: one object, the same keys whatever happened. */
export function studyOutcome(folder: string, history: History, end: StudyEnd) {
  const { incumbent } = history;
  const { metric, direction, at } = history.objective;
  return {
    study: folder,
    status: end.status,
    stopReason: end.reason,
    trials: countStates(history.trials),
    objective: { metric, direction, at },
    standIn: history.start.standIn,
    trivial: trivialBaseline(history)?.value ?? null,
    best:
      incumbent === undefined
        ? null
        : {
            trial: incumbent.number,
            value: incumbent.value,
            origin: incumbent.proposal.origin,
            hyperparameters: incumbent.proposal.hyperparameters,
          },
    advice: adviceOf(history),
    usage: { ...tokensOf(history.usage()), roles: usageByRole(history) },
    report: studyPaths(folder).report,
    durationSeconds: Math.round(history.activeSeconds * 1000) / 1000,
  };
}

/** In `hybrid`: trials by how they stood to the optimiser’s candidates, and what became of them; null without an optimiser. */
function adviceOf(history: History) {
  const tallies = adviceRecord(history);
  if (tallies.length === 0) return null;
  return Object.fromEntries(
    tallies.map(({ taken, proposals, judged, improved, means }) => [
      taken,
      { proposals, judged, improved, meanPredicted: means?.predicted ?? null, meanMeasured: means?.measured ?? null },
    ]),
  );
}

/** Cached tokens are among the prompt’s, reasoning among the completion’s; estimates stand where a provider did not count. */
function tokensOf({
  requests,
  failedRequests,
  promptTokens,
  cachedTokens,
  completionTokens,
  reasoningTokens,
  estimatedTokens,
  costUsd,
  estimatedUsd,
}: Usage) {
  const tokens = { promptTokens, cachedTokens, completionTokens, reasoningTokens, estimatedTokens };
  return { requests, failedRequests, ...tokens, costUsd, estimatedUsd };
}

function usageByRole(history: History) {
  const [creator, executor, report] = (['creator', 'executor', 'report'] as const).map((role) =>
    tokensOf(history.usage(role)),
  );
  return { creator, executor, report };
}

/** The process’s exit code: a study that was interrupted ends like an interrupted program. */
export function exitCodeOfStudy(end: StudyEnd): number {
  if (end.reason === 'interrupted') return EXIT.interrupted;
  return { complete: EXIT.ok, partial: EXIT.partial, paused: EXIT.partial, failed: EXIT.failed }[end.status];
}

function countStates(trials: readonly Trial[]) {
  const count = (state: TrialState) => trials.filter((trial) => trial.state === state).length;
  return {
    total: trials.length,
    complete: count('complete'),
    failed: count('failed'),
    timedOut: count('timed-out'),
    pruned: count('pruned'),
    interrupted: trials.filter((trial) => ['proposed', 'running', 'interrupted'].includes(trial.state)).length,
  };
}
