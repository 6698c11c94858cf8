import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Random } from '../study/random.ts';
import type { SearchSpace } from '../study/search-space.ts';
import { drawNew, drawValid } from './draw.ts';
import { untriedPoints } from './finite.ts';
import { drawNeighbour } from './neighbour.ts';
import type { TriedSet } from './tried.ts';

/** A finite space this small is scored point by point. */
const SCORED_WHOLE_UP_TO = 500;

/** The steps of a climb, as shares of the ranges: from across a basin down to where no training tells the difference. */
const REACHES = [0.2, 0.1, 0.1, 0.05, 0.05, 0.02, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];

export interface MaximizeOptions {
  readonly space: SearchSpace;
  readonly random: Random;
  readonly tried: TriedSet;
  /** How promising a configuration is; higher is better. */
  readonly score: (values: Hyperparameters) => number;
  /** Configurations whose neighbourhood is searched as well (the best so far). */
  readonly around: readonly Hyperparameters[];
  /** Draws of a whole configuration at the start; by default uniform. */
  readonly draw?: () => Hyperparameters | undefined;
  readonly draws?: number;
}

interface Scored {
  readonly values: Hyperparameters;
  readonly score: number;
}

/**
 * The untried configuration with (nearly) the highest score: draws everywhere, then hill climbing with shrinking steps
 * from the best few. Works on any mix of types, conditions and constraints. Undefined only when nothing new was found.
 */
export function maximizeOver(options: MaximizeOptions): Hyperparameters | undefined {
  const { space, random, tried, around, draws = 400 } = options;
  const whole = untriedPoints(space, tried, SCORED_WHOLE_UP_TO);
  if (whole !== undefined) return best(whole.map((values) => scored(values, options)))?.values;

  const draw = options.draw ?? (() => drawValid(space, random));
  const drawn = Array.from({ length: draws }, draw);
  const near = around.flatMap((values) => Array.from({ length: 20 }, () => drawNeighbour(space, values, 0.1, random)));
  const pool = newOnes([...drawn, ...near], options).toSorted((a, b) => b.score - a.score);
  const climbed = pool.slice(0, 5).map((start) => climb(start, options));
  return best(climbed)?.values ?? drawNew(space, random, tried);
}

function climb(start: Scored, options: MaximizeOptions): Scored {
  let here = start;
  for (const reach of REACHES) {
    const around = Array.from({ length: 12 }, () => drawNeighbour(options.space, here.values, reach, options.random));
    here = best([here, ...newOnes(around, options)]) ?? here;
  }
  return here;
}

function newOnes(candidates: readonly (Hyperparameters | undefined)[], options: MaximizeOptions): Scored[] {
  return candidates
    .filter((values) => values !== undefined)
    .filter((values) => !options.tried.has(values))
    .map((values) => scored(values, options));
}

function scored(values: Hyperparameters, { score }: MaximizeOptions): Scored {
  return { values, score: score(values) };
}

function best(all: readonly Scored[]): Scored | undefined {
  return all.reduce<Scored | undefined>((a, b) => (a === undefined || b.score > a.score ? b : a), undefined);
}
