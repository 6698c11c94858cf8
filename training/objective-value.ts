import { didYouMean } from '../study/nearest.ts';
import { isBetter, type Objective } from '../study/objective.ts';
import { excerpt } from '../study/printable.ts';
import { describeStep, numbersAround } from './row-steps.ts';
import type { LogRow } from './training-log.ts';

export interface ObjectiveValue {
  /** Finite. */
  readonly value: number;
  /** Every finite number of the row that counts, and of the rows around it what that row does not say itself. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Counts from 0. */
  readonly rowIndex: number;
}

export interface ObjectiveProblem {
  readonly problem: 'no-metric' | 'not-finite';
  /** One sentence: what the log holds instead. */
  readonly message: string;
}

type Objectively = Pick<Objective, 'metric' | 'direction' | 'at'>;

/** The objective’s value as the training log tells it, or why there is none. Never a stand-in number. */
export function readObjective(rows: readonly LogRow[], objective: Objectively): ObjectiveValue | ObjectiveProblem {
  const carriers = rows.flatMap((row, rowIndex) => {
    const value = row[objective.metric];
    return value === undefined ? [] : [{ rowIndex, value }];
  });
  if (carriers.length === 0) return { problem: 'no-metric', message: describeMissing(rows, objective.metric) };
  const chosen = objective.at === 'last' ? carriers.at(-1) : bestOf(carriers, objective);
  if (chosen === undefined || !Number.isFinite(chosen.value))
    return { problem: 'not-finite', message: describeNotFinite(rows, objective.metric, chosen) };
  return { ...chosen, metrics: numbersAround(rows, chosen.rowIndex) };
}

interface Carrier {
  readonly rowIndex: number;
  readonly value: number;
}

/** The best finite value, the first of equals. */
function bestOf(carriers: readonly Carrier[], { direction }: Objectively): Carrier | undefined {
  return carriers
    .filter(({ value }) => Number.isFinite(value))
    .reduce<Carrier | undefined>((best, each) => {
      return best === undefined || isBetter(each.value, best.value, direction) ? each : best;
    }, undefined);
}

function describeMissing(rows: readonly LogRow[], metric: string): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return `the training recorded no "${metric}": there are no numbers in its log`;
  const shown = names.slice(0, 12).map((name) => excerpt(name, 40));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  const near = didYouMean(metric, names);
  const question = near.startsWith('did you mean') ? ` (${excerpt(near, 60)})` : '';
  return `the training recorded no "${metric}"${question}; it recorded ${shown.join(', ')}${more}`;
}

function describeNotFinite(rows: readonly LogRow[], metric: string, chosen: Carrier | undefined): string {
  if (chosen === undefined) return `every recorded "${metric}" is NaN or infinite`;
  const step = describeStep(rows[chosen.rowIndex] ?? {});
  return `the last recorded "${metric}" is ${chosen.value}${step === undefined ? '' : ` (${step})`}`;
}
