import type { ReportAnalysis } from '../analyse.ts';
import type { ValuedEvaluation } from '../evaluations.ts';
import { formatNumber, formatPair } from '../numbers.ts';
import { standardDeviation } from '../paired-difference.ts';
import { mean } from '../statistics.ts';
import { markdownTable } from '../table.ts';
import { nameSpan } from '../words.ts';

/** The winner and the defaults, trained again after the study (agenthpo evaluate). */
export function evaluationSections({ evaluations, best, comparison, objective }: ReportAnalysis): string[] {
  if (evaluations.length === 0 || best === undefined) return [];
  const better = objective.direction === 'minimize' ? 'lower' : 'higher';
  if (comparison?.default.number === best.number) return ofDefaults(evaluations, better);
  return [
    '## Evaluations',
    `Trial ${best.number} and the task’s defaults, trained once more each with every seed; ${better} is better, and a positive lead is the winner’s.`,
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
    ...spreads(evaluations, (best, reference) => `${best} for the best, ${reference} for the defaults`),
  ];
}

/** The defaults won: one training stands for both, and there is no lead. */
function ofDefaults(evaluations: readonly ValuedEvaluation[], better: string): string[] {
  return [
    '## Evaluations',
    `The task’s defaults, which are the best, trained once more with every seed; ${better} is better.`,
    markdownTable<ValuedEvaluation>(
      [
        { heading: 'Metric', cell: ({ metric }) => nameSpan(metric) },
        { heading: 'Seed', align: 'right', cell: ({ seed }) => String(seed) },
        { heading: 'Default', align: 'right', cell: ({ defaultValue }) => formatNumber(defaultValue) },
      ],
      evaluations,
    ),
    ...spreads(evaluations, (_, reference) => `${reference} for the defaults`),
  ];
}

/** Mean and spread over the seeds of a metric that was evaluated under several. */
function spreads(
  evaluations: readonly ValuedEvaluation[],
  words: (best: string, reference: string) => string,
): string[] {
  const metrics = [...new Set(evaluations.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => {
    const ofMetric = evaluations.filter((each) => each.metric === metric);
    if (ofMetric.length < 2) return [];
    const spread = (values: readonly number[]) =>
      `${formatNumber(mean(values))} ± ${formatNumber(standardDeviation(values), 2)}`;
    const [best, reference] = [ofMetric.map((each) => each.bestValue), ofMetric.map((each) => each.defaultValue)];
    return [
      `Mean and standard deviation of ${nameSpan(metric)} over ${ofMetric.length} seeds: ${words(spread(best), spread(reference))}.`,
    ];
  });
}
