import { defaultTrial } from '../../study/comparable.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { type Direction, improvement } from '../../study/objective.ts';
import type { Trial } from '../../study/trial.ts';
import { formatMeasure, formatNumber } from '../numbers.ts';
import { shownValues } from '../print-outcome.ts';
import { oneLine } from '../terminal-text.ts';
import { textTable } from '../text-table.ts';

/** One of the two configurations, trained once more. */
export interface EvaluationRow {
  readonly which: 'best' | 'default';
  /** The trial that tried it in the study; null where none did. */
  readonly trial: number | null;
  readonly hyperparameters: Hyperparameters;
  /** null when the training gave none; then `failure` says why. */
  readonly value: number | null;
  readonly failure: string | null;
}

/** Whether the study’s lead is still there; `unknown` without two values, `none` when the defaults were the best. */
export type LeadVerdict = 'holds' | 'smaller' | 'gone' | 'none' | 'unknown';

/** Differences are positive where the best configuration is the better one, whatever the direction. */
export interface Lead {
  readonly difference: number | null;
  /** The same in the study itself; null where another metric or other code makes it another thing. */
  readonly studyDifference: number | null;
  readonly verdict: LeadVerdict;
}

export type EvaluationRows = readonly [best: EvaluationRow, reference: EvaluationRow];

/** Whether both rows are one trial, and so one training. */
export function isDefaultBest([best, reference]: EvaluationRows): boolean {
  return best.trial === reference.trial;
}

/** Both, or the default alone where it is the best. */
export function shownRows(rows: EvaluationRows): readonly EvaluationRow[] {
  return isDefaultBest(rows) ? rows.slice(1) : rows;
}

export function leadOf([best, reference]: EvaluationRows, direction: Direction, studyDifference: number | null): Lead {
  if (best.value === null || reference.value === null) return { difference: null, studyDifference, verdict: 'unknown' };
  const difference = improvement(best.value, reference.value, direction);
  const isSmaller = studyDifference !== null && difference < studyDifference;
  const verdict = isDefaultBest([best, reference])
    ? 'none'
    : difference <= 0
      ? 'gone'
      : isSmaller
        ? 'smaller'
        : 'holds';
  return { difference, studyDifference, verdict };
}

/** What the best gained over the defaults in the study; null when the defaults have no value of this code. */
export function studyLead(history: History, best: Trial): number | null {
  const reference = defaultTrial(history);
  if (reference === undefined || best.value === undefined) return null;
  return improvement(best.value, reference.value, history.objective.direction);
}

export interface EvaluationReport {
  readonly rows: EvaluationRows;
  readonly lead: Lead;
  readonly metric: string;
  readonly direction: Direction;
  readonly seed: number;
  readonly isNewCode: boolean;
}

/** A lead of one run over one run may be chance. */
const ONE_RUN_EACH = 'One training each does not tell a lead from chance: --repeats 5 trains both five times.';

/** Said where the task’s code is no longer the study’s. */
export const WITH_NEW_CODE = 'Both were trained with the changed code; neither is the study’s own value.';

export const DEFAULTS_WON = 'The defaults are the best of the study: there is no lead to check.';

/** The two configurations side by side, and what that says of the lead. */
export function describeEvaluation({ rows, lead, metric, direction, seed, isNewCode }: EvaluationReport): string[] {
  const head = ['', 'trial', 'seed', metric, 'configuration'];
  const cells = shownRows(rows).map(({ which, trial, value, hyperparameters }) => [
    which,
    trial === null ? '–' : String(trial),
    String(seed),
    value === null ? '–' : formatMeasure(value),
    shownValues(hyperparameters),
  ]);
  return [
    ...textTable([head, ...cells]),
    ...shownRows(rows).flatMap(({ which, failure }) => (failure === null ? [] : [`${which}: ${oneLine(failure)}`])),
    ...(isNewCode ? [WITH_NEW_CODE] : []),
    leadSentence(lead, direction),
    ...(lead.difference === null || lead.verdict === 'none' ? [] : [ONE_RUN_EACH]),
  ];
}

function leadSentence({ difference, studyDifference, verdict }: Lead, direction: Direction): string {
  if (difference === null) return 'Without both values there is nothing to compare.';
  const better = direction === 'minimize' ? 'lower is better' : 'higher is better';
  const study = studyDifference === null ? '' : `, ${formatNumber(studyDifference)} in the study`;
  const amount = formatNumber(Math.abs(difference));
  switch (verdict) {
    case 'none':
      return DEFAULTS_WON;
    case 'gone':
      return difference === 0
        ? `The lead is gone: both have the same value (${better}${study}).`
        : `The lead is gone: the best is worse than the default by ${amount} (${better}${study}).`;
    case 'smaller':
      return `The lead is smaller than in the study: ${amount} (${better}${study}).`;
    default:
      return `Here, too, the best is better than the default: by ${amount} (${better}${study}).`;
  }
}
