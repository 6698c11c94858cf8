import type { TrialResult } from '../study/trial.ts';

/** Words of a failure that a variable which was not passed on may explain. */
const MISSED_SOMETHING =
  /KeyError|environ|getenv|credential|unauthori[sz]ed|forbidden|\b40[13]\b|api.?key|token|password|login|not found|No such file/i;

/** The variables and files that were withheld, when the failure is one that the lack of them can cause. */
export function missedVariables({ failure }: TrialResult, withheld: readonly string[]): Pick<TrialResult, 'withheld'> {
  const isPlausible = failure !== undefined && MISSED_SOMETHING.test(`${failure.message}\n${failure.tail}`);
  return isPlausible && withheld.length > 0 ? { withheld } : {};
}
