import { isValued } from './comparable.ts';
import { failureLessons } from './failure-lessons.ts';
import type { History } from './history.ts';
import type { Hyperparameters } from './hyperparameter.ts';
import { lessonsOf } from './lessons.ts';
import { improvement } from './objective.ts';
import { describeRegions, NO_REGIONS, type Regions } from './regions.ts';
import { short, shortValues } from './short-values.ts';
import { tellingSlices } from './slices.ts';
import { isFinal, type Trial } from './trial.ts';
import { lineColumns, type TrialLine, trialLine } from './trial-line.ts';
import { type Variation, variationOf } from './variation.ts';
import { NO_VARIETY, type Variety, varietyOf } from './variety.ts';

/** Characters that a memory may take as JSON, whatever the number of trials. */
export const MEMORY_CHARACTERS = 12_000;

/** The lines grow to so many characters; then the oldest are left out in one block, until so many remain. */
const MOST_LINE_CHARACTERS = 4_000;
const KEPT_LINE_CHARACTERS = 2_000;

/** What a proposer should remember of a study, in a bounded size: computed from the log, by code, from nothing else. */
export interface Memory extends Variety, Regions {
  /** What the lines hold; the names of the hyperparameters among them. */
  readonly columns: readonly string[];
  /** The finished trials that the lines leave out, the first ones, in brief; null while every trial has its line. */
  readonly leftOut: (Regions & { readonly trials: number; readonly best: readonly TrialLine[] }) | null;
  /** The other finished trials, in the order in which they ended. Lines are added at the end and never change. */
  readonly lines: readonly TrialLine[];
  readonly counts: Readonly<Record<string, number>>;
  readonly incumbent: KnownTrial | null;
  /** The default configuration’s trial and value, once it is known. */
  readonly default: { readonly trial: number; readonly value: number } | null;
  readonly underWay: readonly { readonly trial: number; readonly hyperparameters: Hyperparameters }[];
  readonly variation?: Variation;
  /** For each hyperparameter the trials that differ in it alone, in words. */
  readonly alone: Readonly<Record<string, string>>;
  /** Why trials failed, cause by cause, as far as the lines do not say it. */
  readonly failures: readonly string[];
  /** What expectations came to, and why proposals were refused. */
  readonly lessons: readonly string[];
}

interface KnownTrial {
  readonly trial: number;
  readonly value: number;
  readonly hyperparameters: Hyperparameters;
}

interface Limits {
  readonly lines: number;
  readonly best: number;
  readonly underWay: number;
  readonly lessons: number;
  /** Regions, slices, and what never varied: a line for each hyperparameter. */
  readonly perParameter: boolean;
}

/** From generous to bare: the first whose memory fits is taken. A space of ordinary size never leaves the first. */
const LEVELS: readonly Limits[] = [
  { lines: 1, best: 3, underWay: 8, lessons: 2, perParameter: true },
  { lines: 1, best: 1, underWay: 4, lessons: 1, perParameter: false },
  { lines: 0.3, best: 0, underWay: 1, lessons: 0, perParameter: false },
  { lines: 0, best: 0, underWay: 0, lessons: 0, perParameter: false },
];

/**
 * The `compressed` memory (DESIGN 4.3): recent trials line by line, the incumbent, the best of the older ones, what each
 * hyperparameter’s regions did, lessons. At most {@link MEMORY_CHARACTERS} of JSON, unless the incumbent alone is larger.
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
  const finished = finishedInOrder(history);
  const lines = finished.map((trial) => trialLine(trial, space));
  const first = firstKept(lines, limits.lines);
  const regionsOf = (trials: readonly Trial[]) => (limits.perParameter ? describeRegions(history, trials) : NO_REGIONS);
  const alone = limits.perParameter ? tellingSlices(space, finished, history.objective.direction) : {};
  const variation = variationOf(history, finished);
  const start = finished.find(({ proposal }) => proposal.origin === 'default');
  return {
    columns: limits.lines > 0 ? lineColumns(space) : [],
    leftOut:
      first === 0
        ? null
        : {
            trials: first,
            best: bestOf(finished.slice(0, first), limits.best, history).map((trial) => trialLine(trial, space)),
            ...regionsOf(finished.slice(0, first)),
          },
    lines: lines.slice(first),
    counts: countStates(history),
    incumbent:
      incumbent?.value === undefined
        ? null
        : {
            trial: incumbent.number,
            value: Number(incumbent.value.toPrecision(6)),
            hyperparameters: shortValues(incumbent.proposal.hyperparameters),
          },
    default: start?.value === undefined ? null : { trial: start.number, value: short(start.value) },
    underWay: history.unfinished
      .slice(0, limits.underWay)
      .map(({ number, proposal }) => ({ trial: number, hyperparameters: shortValues(proposal.hyperparameters) })),
    ...(variation && { variation }),
    alone,
    ...(limits.perParameter ? varietyOf(space, finished, Object.keys(alone)) : NO_VARIETY),
    ...regionsOf(finished),
    failures: failureLessons(space, finished, first),
    lessons: lessonsOf(history, finished, limits.lessons, variation),
  };
}

/** The finished trials of the current code, as their ends stand in the log. */
export function finishedInOrder(history: History): Trial[] {
  const finished = history.current.filter(({ state }) => isFinal(state));
  return finished.sort((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? '') || a.number - b.number);
}

/**
 * The index of the first line that is kept. Found by adding line after line, so that it stays where it is over many
 * trials and then leaps: a window that slid with every trial would change the beginning of every prompt.
 */
function firstKept(lines: readonly TrialLine[], share: number): number {
  const sizes = lines.map((line) => JSON.stringify(line).length);
  let first = 0;
  let held = 0;
  sizes.forEach((size, index) => {
    held += size;
    if (held <= share * MOST_LINE_CHARACTERS) return;
    for (; first <= index && held > share * KEPT_LINE_CHARACTERS; first++) held -= sizes[first] ?? 0;
  });
  return first;
}

function countStates(history: History): Record<string, number> {
  const counts: Record<string, number> = { trials: history.trials.length };
  for (const { state } of history.trials) counts[state] = (counts[state] ?? 0) + 1;
  const earlier = history.trials.length - history.current.length;
  return earlier > 0 ? { ...counts, 'of earlier code versions (not comparable)': earlier } : counts;
}

/** The best of these trials, in their order. */
export function bestOf(trials: readonly Trial[], limit: number, { objective }: History): Trial[] {
  const valued = trials.filter(isValued).filter(({ brokenConstraints }) => brokenConstraints.length === 0);
  const ranked = valued.toSorted((a, b) => improvement(b.value, a.value, objective.direction));
  const best = new Set<Trial>(ranked.slice(0, limit));
  return trials.filter((trial) => best.has(trial));
}
