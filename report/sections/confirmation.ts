import type { ReportAnalysis } from '../analyse.ts';
import type { ConfirmedSeed } from '../confirmation.ts';
import { confirmationVerdict, intervalMethod, WITHOUT_SEED } from '../confirmation-words.ts';
import { formatNumber, formatPair } from '../numbers.ts';
import { standardDeviation } from '../paired-difference.ts';
import { mean } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { better, nameSpan } from '../words.ts';

/** The winner and the defaults under fresh seeds, and what their difference is worth. */
export function confirmationSections({ confirmation, best, objective, facts }: ReportAnalysis): string[] {
  if (confirmation === undefined || best === undefined) return [];
  const { seeds } = confirmation;
  const spread = (values: readonly number[]) =>
    `${formatNumber(mean(values))} ± ${formatNumber(standardDeviation(values), 2)}`;
  const [of, reference] = [spread(seeds.map((each) => each.best)), spread(seeds.map((each) => each.default))];
  return [
    '## Confirmation',
    `The lead of trial ${best.number} over the task’s defaults is **${confirmationVerdict(confirmation)}**: mean and standard deviation of ${nameSpan(objective.metric)} are ${of} for the winner and ${reference} for the defaults (${better(objective)}). These trainings are no trials and count towards no budget.`,
    markdownTable<ConfirmedSeed>(
      [
        { heading: 'Seed', align: 'right', cell: ({ seed }) => String(seed) },
        { heading: 'Best', align: 'right', cell: (each) => formatPair(each.best, each.default)[0] },
        { heading: 'Default', align: 'right', cell: (each) => formatPair(each.best, each.default)[1] },
        { heading: 'Lead', align: 'right', cell: ({ lead }) => formatNumber(lead) },
      ],
      seeds,
    ),
    `${intervalMethod(confirmation)}${facts.passesSeed === false ? ` ${WITHOUT_SEED}` : ''}`,
  ];
}
