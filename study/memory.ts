import type { History } from './history.ts';
import type { Hyperparameter, Hyperparameters, HyperparameterValue } from './hyperparameter.ts';
import { improvement } from './objective.ts';
import { describeRegions } from './regions.ts';
import { type CurveDigest, isFinal, type Trial } from './trial.ts';

/** Characters that a memory may take as JSON, whatever the number of trials and hyperparameters. */
export const MEMORY_CHARACTERS = 6_000;

/** One line of the memory’s table: its columns are named in `columns`; null marks an inactive hyperparameter. */
export type MemoryRow = readonly (HyperparameterValue | string)[];

/** What a proposer should remember of a study, in a bounded size: computed from the log, by code, from nothing else. */
export interface Memory {
  readonly counts: Readonly<Record<string, number>>;
  readonly incumbent: {
    readonly trial: number;
    readonly value: number;
    readonly hyperparameters: Hyperparameters;
  } | null;
  /** The default configuration’s trial and value, once it is known. */
  readonly default: { readonly trial: number; readonly value: number } | null;
  readonly columns: readonly string[];
  /** The best and the latest trials, oldest first; numbers to four significant digits. */
  readonly table: readonly MemoryRow[];
  readonly underWay: readonly { readonly trial: number; readonly hyperparameters: Hyperparameters }[];
  readonly failures: readonly string[];
  /** What trials in each region of each hyperparameter reached. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly summaries: readonly string[];
  /** Recent expectations beside what came of them, and why recent proposals were refused. */
  readonly lessons: readonly string[];
}

interface Limits {
  readonly best: number;
  readonly recent: number;
  readonly failures: number;
  readonly regions: boolean;
  readonly notes: number;
}

/** From generous to bare: the first whose memory fits is taken. */
const LEVELS: readonly Limits[] = [
  { best: 6, recent: 8, failures: 4, regions: true, notes: 3 },
  { best: 4, recent: 5, failures: 3, regions: true, notes: 2 },
  { best: 4, recent: 4, failures: 2, regions: false, notes: 1 },
  { best: 1, recent: 1, failures: 1, regions: false, notes: 0 },
  { best: 0, recent: 0, failures: 0, regions: false, notes: 0 },
];

/**
 * The `compressed` memory (DESIGN 4.3): incumbent, best, recent and failed trials, what each hyperparameter’s regions
 * did, lessons from refused proposals. At most {@link MEMORY_CHARACTERS} of JSON, unless the incumbent alone is larger.
 */
export function compressMemory(history: History): Memory {
  let memory: Memory | undefined;
  for (const limits of LEVELS) {
    memory = memoryWithin(history, limits);
    if (JSON.stringify(memory).length <= MEMORY_CHARACTERS) break;
  }
  if (memory === undefined) throw new Error('there is no level of compression');
  return memory;
}

function memoryWithin(history: History, limits: Limits): Memory {
  const { incumbent, space } = history;
  const start = history.current.find(({ proposal }) => proposal.origin === 'default');
  const parameters = limits.best > 0 ? space.parameters : [];
  return {
    counts: countStates(history),
    incumbent:
      incumbent?.value === undefined
        ? null
        : { trial: incumbent.number, value: incumbent.value, hyperparameters: incumbent.proposal.hyperparameters },
    default: start?.value === undefined ? null : { trial: start.number, value: short(start.value) },
    columns: ['trial', 'value', ...parameters.map(({ name }) => name), 'curve'],
    table: notable(history, limits).map((trial) => toRow(trial, parameters)),
    underWay: history.unfinished
      .slice(0, limits.recent)
      .map(({ number, proposal }) => ({ trial: number, hyperparameters: shortValues(proposal.hyperparameters) })),
    failures: failuresOf(history, limits.failures),
    regions: limits.regions ? describeRegions(history) : {},
    summaries: summariesOf(history, limits.notes),
    lessons: lessonsOf(history, limits.notes),
  };
}

function countStates(history: History): Record<string, number> {
  const counts: Record<string, number> = { trials: history.trials.length };
  for (const { state } of history.trials) counts[state] = (counts[state] ?? 0) + 1;
  const earlier = history.trials.length - history.current.length;
  return earlier > 0 ? { ...counts, 'of earlier code versions (not comparable)': earlier } : counts;
}

/** The best and the latest complete trials, each once, oldest first. */
function notable(history: History, { best, recent }: Limits): Trial[] {
  const complete = history.current.filter((trial) => trial.value !== undefined);
  const ranked = complete.toSorted((a, b) => improvement(b.value ?? 0, a.value ?? 0, history.objective.direction));
  const kept = new Set([...ranked.slice(0, best), ...(recent > 0 ? complete.slice(-recent) : [])]);
  return complete.filter((trial) => kept.has(trial));
}

function toRow(trial: Trial, parameters: readonly Hyperparameter[]): MemoryRow {
  const { hyperparameters } = trial.proposal;
  const values = parameters.map(({ name }) => shortValue(hyperparameters[name] ?? null));
  const broken = trial.brokenConstraints.map((constraint) => `breaks ${cut(constraint, 40)}`);
  return [trial.number, short(trial.value ?? 0), ...values, [describeCurve(trial.curve), ...broken].join(', ')];
}

/** A curve in a few words: `best at 18 of 30, overfitting`. */
export function describeCurve(curve: CurveDigest | undefined): string {
  if (curve === undefined || curve.points < 2) return '';
  const marks = [
    curve.diverged && 'diverged',
    curve.overfitting && 'overfitting',
    curve.stillImproving && 'still improving',
  ];
  return [`best at ${curve.bestStep} of ${curve.lastStep}`, ...marks.filter((mark) => mark !== false)].join(', ');
}

function failuresOf(history: History, limit: number): string[] {
  const failed = limit > 0 ? history.finished.filter(({ failure }) => failure !== undefined).slice(-limit) : [];
  return failed.map(({ number, failure, proposal }) => {
    const values = JSON.stringify(shortValues(proposal.hyperparameters));
    return `trial ${number}: ${failure?.cause}: ${cut(failure?.message ?? '', 100)} with ${cut(values, 200)}`;
  });
}

function summariesOf(history: History, limit: number): string[] {
  if (limit === 0) return [];
  const told = history.current.filter(({ summary }) => summary !== undefined);
  const kept = new Set([...told.slice(-limit), ...told.filter(({ number }) => number === history.incumbent?.number)]);
  return told
    .filter((each) => kept.has(each))
    .map(({ number, summary }) => `trial ${number}: ${cut(summary ?? '', 420)}`);
}

function lessonsOf(history: History, limit: number): string[] {
  if (limit === 0) return [];
  const refused = [...new Set(history.rejections.flatMap(({ violations }) => violations))].slice(-limit);
  const expected = history.current.flatMap((trial) => expectationOf(trial) ?? []).slice(-limit);
  return [...expected, ...refused.map((violation) => `refused: ${cut(violation, 160)}`)];
}

/** `trial 3 was expected to be better (0.09), and is 0.226`: what a proposer’s foresight was worth. */
function expectationOf({ number, state, value, proposal: { expects } }: Trial): string | undefined {
  if (expects === undefined || !isFinal(state)) return undefined;
  const foretold = expects.value === undefined ? '' : ` (${short(expects.value)})`;
  return `trial ${number} was expected to be ${expects.outcome}${foretold}, and is ${value === undefined ? state : short(value)}`;
}

function shortValues(values: Hyperparameters): Hyperparameters {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shortValue(value)]));
}

function shortValue(value: HyperparameterValue): HyperparameterValue {
  if (typeof value === 'number') return Number.isInteger(value) ? value : short(value);
  return typeof value === 'string' ? cut(value, 40) : value;
}

/** Four significant digits: what a reader of a table can use. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}

function cut(text: string, limit: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
