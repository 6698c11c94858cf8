import { formatCount, formatDollars, formatMeasure, formatNumber } from '../numbers.ts';
import { textTable } from '../text-table.ts';
import type { BenchResults } from './bench-results.ts';

/** A benchmark’s table and verdict for the terminal; `page` says more, `studies` is the folder of the single ones. */
export function describeBench(results: BenchResults | undefined, page: string | undefined, studies: string): string[] {
  if (results === undefined || page === undefined) return ['No seed is done in all arms yet: nothing to compare.'];
  const { arms, comparison, tieBand, verdict } = results;
  const { reference, trials } = comparison;
  const head = [
    'arm',
    'median best',
    'mean rank',
    `against ${reference}`,
    'to reach its best',
    'failed',
    'tokens',
    'cost',
  ];
  const rows = arms.map(({ arm, median, meanRank, against, ...use }) => [
    arm,
    median === null ? '–' : formatMeasure(median),
    formatNumber(meanRank),
    against === undefined ? '–' : `${against.wins} won, ${against.ties} tied, ${against.losses} lost`,
    against === undefined
      ? '–'
      : `${against.trialsToReach === null ? `> ${trials}` : formatNumber(against.trialsToReach)} trials`,
    `${use.failed} of ${use.trials}`,
    formatCount(use.tokens),
    use.usd === null ? 'unknown' : formatDollars(use.usd),
  ]);
  return [...textTable([head, ...rows]), `A tie: ${tieBand.words}`, verdict, `Results: ${page}`, `Studies: ${studies}`];
}
