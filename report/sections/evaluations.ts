import type { ReportAnalysis } from '../analyse.ts';
import type { ValuedEvaluation } from '../evaluations.ts';
import { formatNumber, formatPair } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { nameSpan } from '../words.ts';

/** The winner and the defaults, trained again after the study (agenthpo evaluate). */
export function evaluationSections({ evaluations, best, objective }: ReportAnalysis): string[] {
  if (evaluations.length === 0 || best === undefined) return [];
  const better = objective.direction === 'minimize' ? 'lower' : 'higher';
  return [
    '## Evaluations',
    `Trial ${best.number} and the task’s defaults, trained once more each; ${better} is better, and a positive lead is the winner’s.`,
    markdownTable<ValuedEvaluation>(
      [
        { heading: 'Metric', cell: ({ metric }) => nameSpan(metric) },
        { heading: 'Seed', align: 'right', cell: ({ seed }) => String(seed) },
        {
          heading: 'Best',
          align: 'right',
          cell: ({ bestValue, defaultValue }) => formatPair(bestValue, defaultValue)[0],
        },
        {
          heading: 'Default',
          align: 'right',
          cell: ({ bestValue, defaultValue }) => formatPair(bestValue, defaultValue)[1],
        },
        { heading: 'Lead', align: 'right', cell: ({ lead }) => formatNumber(lead) },
      ],
      evaluations,
    ),
  ];
}
