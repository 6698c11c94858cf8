import type { AdvisedCandidate } from '../samplers/advisor.ts';
import { completed } from '../study/configuration-problems.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Trial } from '../study/trial.ts';
import type { TurnAdvice } from './turn-advice.ts';

/** What a proposal starts from: what its reasons compare it with. */
export interface Base {
  readonly words: string;
  readonly hyperparameters: Hyperparameters;
  /** Where it is one of the optimiser’s: reasons for what does not differ are passed over, it comes with none of its own. */
  readonly candidate?: AdvisedCandidate;
}

/** What a proposal is based on; the violation, when there is no such trial. */
export function baseOf(basedOn: number | 'default', space: SearchSpace, trials: readonly Trial[]): Base | string {
  if (basedOn === 'default') return { words: 'the default', hyperparameters: space.defaults() };
  const trial = trials[basedOn - 1];
  if (trial === undefined) return `basedOn = ${basedOn} is not a trial; there are ${trials.length}, or use "default"`;
  return { words: `trial ${basedOn}`, hyperparameters: trial.proposal.hyperparameters };
}

/** A proposal that names a candidate is what it changes there; any other one stands as it is. */
export function readStart(
  given: Readonly<Record<string, unknown>>,
  advice: Pick<TurnAdvice, 'told' | 'mustAdopt'> | undefined,
  space: SearchSpace,
): { given: Readonly<Record<string, unknown>>; candidate?: Base; problems: readonly string[] } {
  const { candidate: number, hyperparameters: changes, reasons } = given;
  if (advice === undefined) return { given, problems: [] };
  if (number == null) {
    const isNeeded = advice.mustAdopt && changes === undefined;
    return { given, problems: isNeeded ? [`candidate is missing: it must be one of 1 to ${advice.told.length}`] : [] };
  }
  const candidate = advice.told.find((each) => each.number === number);
  if (candidate === undefined) {
    const known = advice.told.length === 0 ? 'there are none yet' : `there are 1 to ${advice.told.length}`;
    return {
      given: { reasons: {}, ...given },
      problems: [`candidate = ${JSON.stringify(number)} is not there: ${known}`],
    };
  }
  const base = candidate.hyperparameters;
  const whole = isValues(changes) ? completed(changes, base, { space }) : changes;
  return {
    given: { ...given, basedOn: 'default', hyperparameters: whole ?? base, reasons: reasons ?? {} },
    candidate: { words: `candidate ${candidate.number}`, hyperparameters: base, candidate },
    problems: [],
  };
}

function isValues(given: unknown): given is Hyperparameters {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
