import type { LogRow } from '../training/training-log.ts';

/** Most rows that one answer holds. */
const MOST_ROWS = 50;
/** Up to here a log is told whole; of a longer one so many rows of the beginning, thinned evenly, and its last rows in full. */
const WHOLE_ROWS = 8;
const EARLY_ROWS = 3;
const LAST_ROWS = 4;

/**
 * A bounded choice of a log’s rows: with `from` that row and at most fifty from there on, else a few of the beginning, the
 * last four in full, because thinned ones hide how a curve ends, and both extremes of `metric`. `note` says what is left out.
 */
export function selectRows(
  rows: readonly LogRow[],
  metric: string,
  { from }: { from?: number },
): { rows: LogRow[]; note: string } {
  if (from !== undefined) {
    const start = Math.max(0, from);
    const chosen = rows.slice(start, start + MOST_ROWS);
    return {
      rows: chosen,
      note: chosen.length === rows.length ? '' : `rows ${start} to ${start + chosen.length - 1} of ${rows.length}`,
    };
  }
  if (rows.length <= WHOLE_ROWS) return { rows: [...rows], note: '' };
  const early = rows.length - LAST_ROWS;
  const thinned = Array.from({ length: EARLY_ROWS }, (_, k) => Math.round((k * early) / EARLY_ROWS));
  const last = Array.from({ length: LAST_ROWS }, (_, k) => early + k);
  const kept = new Set([...thinned, ...last, ...extremes(rows, metric)]);
  const note = `${kept.size} of ${rows.length} rows: the last ${LAST_ROWS}, of the others a few with the best and the worst ${metric}`;
  return { rows: rows.filter((_, index) => kept.has(index)), note };
}

function extremes(rows: readonly LogRow[], metric: string): number[] {
  const carrying = rows.flatMap((row, index) => {
    const value = row[metric];
    return value !== undefined && Number.isFinite(value) ? [{ index, value }] : [];
  });
  const sorted = carrying.sort((a, b) => a.value - b.value);
  return [sorted[0], sorted.at(-1)].flatMap((each) => each?.index ?? []);
}
