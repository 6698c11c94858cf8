import { incumbentBefore, isValued } from './comparable.ts';
import type { History } from './history.ts';
import { isBetter } from './objective.ts';
import { type Advice, isFinal, type Trial } from './trial.ts';

/** What came of the proposals that stood in one way to the optimiser’s candidates. */
export interface AdviceTally {
  readonly taken: Advice['taken'];
  readonly proposals: number;
  /** Those that ended while there was an incumbent to beat; one without a value counts as having failed to. */
  readonly judged: number;
  readonly improved: number;
  /** Over the complete ones: the mean of what was predicted of them and of what was measured; undefined without any. */
  readonly means?: { readonly predicted: number; readonly measured: number };
}

const ADVICE_TAKEN: readonly Advice['taken'][] = ['adopted', 'adapted', 'overruled'];

/** For each way to take advice, what came of it; empty for a study without an optimiser beside its Creator. */
export function adviceRecord(history: History): AdviceTally[] {
  const advised = history.trials.flatMap((trial) => {
    const { advice } = trial.proposal;
    return advice === undefined ? [] : [{ trial, advice }];
  });
  if (advised.length === 0) return [];
  return ADVICE_TAKEN.map((taken) =>
    tally(
      taken,
      advised.filter(({ advice }) => advice.taken === taken),
      history,
    ),
  );
}

function tally(
  taken: Advice['taken'],
  advised: readonly { readonly trial: Trial; readonly advice: Advice }[],
  history: History,
): AdviceTally {
  const judged = advised.filter(({ trial }) => isFinal(trial.state) && incumbentBefore(history, trial) !== undefined);
  const complete = advised.flatMap(({ trial, advice }) =>
    isValued(trial) ? [{ predicted: advice.predicted.value, measured: trial.value }] : [],
  );
  return {
    taken,
    proposals: advised.length,
    judged: judged.length,
    improved: judged.filter(({ trial }) => beatsIncumbent(trial, history)).length,
    ...(complete.length > 0 && {
      means: {
        predicted: mean(complete.map(({ predicted }) => predicted)),
        measured: mean(complete.map(({ measured }) => measured)),
      },
    }),
  };
}

function beatsIncumbent(trial: Trial, history: History): boolean {
  const before = incumbentBefore(history, trial);
  if (before === undefined || !isValued(trial) || trial.brokenConstraints.length > 0) return false;
  return isBetter(trial.value, before.value, history.objective.direction);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
