import { WITHOUT_SEED } from '../../report/confirmation-words.ts';
import { isAlwaysTheSame, pairedDifference, standardDeviation } from '../../report/paired-difference.ts';
import { mean } from '../../report/statistics.ts';
import { type Direction, improvement } from '../../study/objective.ts';
import { formatMeasure, formatNumber } from '../numbers.ts';
import { textTable } from '../text-table.ts';

/** What a configuration was worth under one seed; null where the training gave no value. */
interface SeedValue {
  readonly seed: number;
  readonly value: number | null;
}

/** The best and the default under one seed. */
export interface SeedPair {
  readonly seed: number;
  readonly best: number | null;
  readonly default: number | null;
}

export interface Judged {
  readonly metric: string;
  readonly direction: Direction;
  /** Whether the seeds reach the script. */
  readonly passesSeed: boolean;
}

/** Mean and spread of the values that are there; null for none, and the deviation (n − 1) for fewer than two. */
export interface Spread {
  readonly count: number;
  readonly mean: number | null;
  readonly deviation: number | null;
}

export function spreadOf(values: readonly (number | null)[]): Spread {
  const found = values.filter((value) => value !== null);
  return {
    count: found.length,
    mean: found.length === 0 ? null : mean(found),
    deviation: found.length < 2 ? null : standardDeviation(found),
  };
}

/** One configuration under several seeds. */
export function describeSeeds(values: readonly SeedValue[], { metric, direction, passesSeed }: Judged): string[] {
  const rows = values.map(({ seed, value }) => [String(seed), shown(value)]);
  const summary = values.length < 2 ? [] : [['mean ± sd', inWords(spreadOf(values.map(({ value }) => value)))]];
  const note = values.length < 2 || passesSeed ? [] : [WITHOUT_SEED];
  return [better(direction), ...textTable([['seed', metric], ...rows, ...summary]), ...note];
}

/** The best and the default under the same seeds, and what that says of the lead. */
export function describePairs(pairs: readonly SeedPair[], { metric, direction, passesSeed }: Judged): string[] {
  const leads = leadsOf(pairs, direction);
  const rows = pairs.map((pair) => [
    String(pair.seed),
    shown(pair.best),
    shown(pair.default),
    shown(leadOf(pair, direction)),
  ]);
  const means = [
    'mean ± sd',
    inWords(spreadOf(pairs.map((pair) => pair.best))),
    inWords(spreadOf(pairs.map((pair) => pair.default))),
    inWords(spreadOf(leads)),
  ];
  return [
    `${metric}: ${better(direction)} A positive lead is the best’s.`,
    ...textTable([['seed', 'best', 'default', 'lead'], ...rows, means]),
    ...leadLine(leads),
    ...(passesSeed ? [] : [WITHOUT_SEED]),
  ];
}

/** Of the seeds that gave both a value. */
export function leadsOf(pairs: readonly SeedPair[], direction: Direction): number[] {
  return pairs.flatMap((pair) => leadOf(pair, direction) ?? []);
}

function leadOf({ best, default: reference }: SeedPair, direction: Direction): number | null {
  return best === null || reference === null ? null : improvement(best, reference, direction);
}

function leadLine(leads: readonly number[]): string[] {
  if (leads.length < 2) return ['Fewer than two seeds gave both a value: nothing to say of the lead.'];
  const difference = pairedDifference(leads);
  const { mean: centre, low, high } = difference;
  const ahead = leads.filter((lead) => lead > 0).length;
  const interval = isAlwaysTheSame(difference)
    ? 'the same under every seed, so that there is no interval'
    : `95 % interval of the mean ${formatNumber(low)} to ${formatNumber(high)}`;
  return [
    `The best is ahead with ${ahead} of ${leads.length} seeds, on average by ${formatNumber(centre)} (${interval}).`,
  ];
}

function inWords({ mean: centre, deviation }: Spread): string {
  if (centre === null) return '–';
  return deviation === null ? formatMeasure(centre) : `${formatMeasure(centre)} ± ${formatNumber(deviation)}`;
}

function shown(value: number | null): string {
  return value === null ? '–' : formatMeasure(value);
}

function better(direction: Direction): string {
  return direction === 'minimize' ? 'Lower is better.' : 'Higher is better.';
}
