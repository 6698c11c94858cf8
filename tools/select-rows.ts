import type { LogRow } from '../training/training-log.ts';

/** Most rows that one answer holds. */
const MOST_ROWS = 50;
const THINNED_ROWS = 8;

/**
 * A bounded choice of a log’s rows: with `from` that row and at most fifty from there on, else an even thinning to about
 * eight rows that keeps the first, the last and both extremes of `metric`. `note` says what is left out.
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
  if (rows.length <= THINNED_ROWS) return { rows: [...rows], note: '' };
  const evenly = Array.from({ length: THINNED_ROWS }, (_, k) =>
    Math.round((k * (rows.length - 1)) / (THINNED_ROWS - 1)),
  );
  const kept = new Set([...evenly, ...extremes(rows, metric)]);
  const note = `${kept.size} of ${rows.length} rows, the best and the worst ${metric} among them`;
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
