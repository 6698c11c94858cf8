import { incumbentBefore, isValued } from './comparable.ts';
import type { History } from './history.ts';
import type { Hyperparameters } from './hyperparameter.ts';
import { improvement, standing } from './objective.ts';
import { describeRegions, type Region } from './regions.ts';
import { cutToLine } from './text-cuts.ts';
import { isFinal, type Trial } from './trial.ts';
import { lineColumns, short, shortValues, type TrialLine, trialLine } from './trial-line.ts';

/** Characters that a memory may take as JSON, whatever the number of trials. */
export const MEMORY_CHARACTERS = 12_000;

/** The lines grow to so many characters; then the oldest are left out in one block, until so many remain. */
const MOST_LINE_CHARACTERS = 4_000;
const KEPT_LINE_CHARACTERS = 2_000;

/** What a proposer should remember of a study, in a bounded size: computed from the log, by code, from nothing else. */
export interface Memory {
  /** What the lines hold; the names of the hyperparameters among them. */
  readonly columns: readonly string[];
  /** The finished trials that the lines leave out, the first ones, in brief; null while every trial has its line. */
  readonly leftOut: {
    readonly trials: number;
    readonly best: readonly TrialLine[];
    readonly regions: Readonly<Record<string, readonly Region[]>>;
  } | null;
  /** The other finished trials, in the order in which they ended. Lines are added at the end and never change. */
  readonly lines: readonly TrialLine[];
  readonly counts: Readonly<Record<string, number>>;
  readonly incumbent: KnownTrial | null;
  /** The default configuration’s trial and value, once it is known. */
  readonly default: { readonly trial: number; readonly value: number } | null;
  readonly underWay: readonly { readonly trial: number; readonly hyperparameters: Hyperparameters }[];
  /** Hyperparameters that had one and the same value in every finished trial. */
  readonly neverVaried: Hyperparameters;
  /** What all finished trials in each region of each hyperparameter reached. */
  readonly regions: Readonly<Record<string, readonly Region[]>>;
  /** Recent expectations beside what came of them, and why recent proposals were refused. */
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
  readonly regions: boolean;
}

/** From generous to bare: the first whose memory fits is taken. A space of ordinary size never leaves the first. */
const LEVELS: readonly Limits[] = [
  { lines: 1, best: 3, underWay: 8, lessons: 2, regions: true },
  { lines: 1, best: 1, underWay: 4, lessons: 1, regions: false },
  { lines: 0.3, best: 0, underWay: 1, lessons: 0, regions: false },
  { lines: 0, best: 0, underWay: 0, lessons: 0, regions: false },
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
  const regionsOf = (trials: readonly Trial[]) => (limits.regions ? describeRegions(history, trials) : {});
  const start = finished.find(({ proposal }) => proposal.origin === 'default');
  return {
    columns: limits.lines > 0 ? lineColumns(space) : [],
    leftOut:
      first === 0
        ? null
        : {
            trials: first,
            best: bestOf(finished.slice(0, first), limits.best, history).map((trial) => trialLine(trial, space)),
            regions: regionsOf(finished.slice(0, first)),
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
    neverVaried: limits.regions ? neverVaried(finished) : {},
    regions: regionsOf(finished),
    lessons: lessonsOf(history, finished, limits.lessons),
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
function bestOf(trials: readonly Trial[], limit: number, { objective }: History): Trial[] {
  const valued = trials.filter(isValued).filter(({ brokenConstraints }) => brokenConstraints.length === 0);
  const ranked = valued.toSorted((a, b) => improvement(b.value, a.value, objective.direction));
  const best = new Set<Trial>(ranked.slice(0, limit));
  return trials.filter((trial) => best.has(trial));
}

function neverVaried(finished: readonly Trial[]): Hyperparameters {
  if (finished.length < 2) return {};
  const all = finished.map(({ proposal }) => proposal.hyperparameters);
  const names = new Set(all.flatMap((values) => Object.keys(values)));
  const constant = [...names].filter(
    (name) => new Set(all.filter((values) => name in values).map((values) => values[name])).size === 1,
  );
  const known = Object.assign({}, ...all) as Hyperparameters; // one value per name, whichever trial it is from
  return shortValues(Object.fromEntries(constant.map((name) => [name, known[name] ?? null])));
}

function lessonsOf(history: History, finished: readonly Trial[], limit: number): string[] {
  if (limit === 0) return [];
  const refused = [...new Set(history.rejections.flatMap(({ violations }) => violations))]
    .filter((violation) => !/^(reasons\.|basedOn)/.test(violation)) // slips of form, mended at once, teach nothing
    .slice(-limit);
  const foretold = finished.filter(({ proposal }) => proposal.expects !== undefined).slice(-limit);
  const expected = foretold.flatMap((trial) => expectationOf(trial, history) ?? []);
  return [...expected, ...refused.map((violation) => `refused: ${cutToLine(violation, 160)}`)];
}

/** `trial 3: expected better than trial 2 (0.0948), at 0.09; came to 0.226, worse`: what foresight was worth. */
function expectationOf(trial: Trial, history: History): string | undefined {
  const { number, state, value, proposal } = trial;
  const { expects } = proposal;
  const best = incumbentBefore(history, trial);
  if (expects === undefined || best === undefined) return undefined;
  const foretold = expects.value === undefined ? '' : `, at ${short(expects.value)}`;
  const than = expects.outcome === 'similar' ? 'similar to' : `${expects.outcome} than`;
  const came =
    value === undefined
      ? state
      : `came to ${short(value)}, ${standing(value, best.value, history.objective.direction)}`;
  return `trial ${number}: expected ${than} trial ${best.number} (${short(best.value)})${foretold}; ${came}`;
}
