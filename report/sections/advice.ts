import type { AdviceTally } from '../../study/advice-record.ts';
import type { ReportAnalysis } from '../analyse.ts';
import { formatNumber } from '../numbers.ts';
import { type Column, markdownTable } from '../table.ts';
import { better, nameSpan } from '../words.ts';

const MEANING: Readonly<Record<AdviceTally['taken'], string>> = {
  adopted: 'adopted: a candidate as it was',
  adapted: 'adapted: a candidate with at most half of its values changed',
  overruled: 'overruled: another configuration',
};

/** What came of taking the optimiser’s advice, and of not taking it. */
export function adviceSections({ advice, objective }: ReportAnalysis): string[] {
  if (advice.length === 0) return [];
  const mean = (heading: string, which: 'predicted' | 'measured'): Column<AdviceTally> => ({
    heading: `${heading} ${nameSpan(objective.metric)}`,
    align: 'right',
    cell: ({ means }) => (means === undefined ? '–' : formatNumber(means[which])),
  });
  const columns: Column<AdviceTally>[] = [
    { heading: 'The optimiser’s candidates were', cell: ({ taken }) => MEANING[taken] },
    { heading: 'Trials', align: 'right', cell: ({ proposals }) => String(proposals) },
    { heading: 'Beat the best so far', align: 'right', cell: ({ improved, judged }) => `${improved} of ${judged}` },
    mean('Mean predicted', 'predicted'),
    mean('Mean measured', 'measured'),
  ];
  return [
    '## The Creator and the optimiser',
    `Beside the Creator a Gaussian process offered candidates. What each trial did with them was found from its values; means are over its complete trials (${better(objective)}). Few trials: a difference between the rows may be chance, and earlier trials are easier to beat.`,
    markdownTable(columns, advice),
  ];
}
