import type { Confirmation } from '../report/confirmation.ts';
import { confirmationVerdict, intervalMethod, WITHOUT_SEED } from '../report/confirmation-words.ts';
import { standardDeviation } from '../report/paired-difference.ts';
import { mean } from '../report/statistics.ts';
import type { Direction } from '../study/objective.ts';
import { formatMeasure, formatNumber } from './numbers.ts';
import { textTable } from './text-table.ts';

/** The seeds side by side, their means, and what that says of the lead; `passesSeed`: whether the seeds reach the script. */
export function describeConfirmation(
  confirmation: Confirmation,
  { metric, direction, passesSeed }: { metric: string; direction: Direction; passesSeed: boolean },
): string[] {
  const { seeds } = confirmation;
  const rows = seeds.map((each) => [
    String(each.seed),
    formatMeasure(each.best),
    formatMeasure(each.default),
    formatNumber(each.lead),
  ]);
  const summary = (values: readonly number[]) =>
    `${formatMeasure(mean(values))} ± ${formatNumber(standardDeviation(values))}`;
  const means = [
    'mean ± sd',
    summary(seeds.map((each) => each.best)),
    summary(seeds.map((each) => each.default)),
    summary(seeds.map((each) => each.lead)),
  ];
  return [
    `${metric}, ${direction === 'minimize' ? 'lower is better' : 'higher is better'}; a positive lead is the best’s.`,
    ...textTable([['seed', 'best', 'default', 'lead'], ...rows, means]),
    `The lead is ${confirmationVerdict(confirmation)}.`,
    intervalMethod(confirmation),
    ...(passesSeed ? [] : [WITHOUT_SEED]),
  ];
}
