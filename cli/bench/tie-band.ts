import { formatNumber } from '../../report/numbers.ts';
import { estimateNoise, type NoiseEstimate } from '../../samplers/noise.ts';
import type { Observation } from '../../samplers/sampler.ts';
import { toLoss } from '../../study/objective.ts';
import type { SearchSpace } from '../../study/search-space.ts';
import type { BegunStudy } from './bench-cells.ts';

/** How far two values may differ and still be called a tie. */
export interface TieBand {
  /** In the metric’s unit. */
  readonly width: number;
  readonly noise: NoiseEstimate | null;
  /** A sentence. */
  readonly words: string;
}

/**
 * The noise of the task, from all studies of a benchmark together: they all train the defaults, each seed with a seed of
 * its own. The same configuration under the same seed counts once, whichever arms tried it.
 */
export function tieBandOf(space: SearchSpace, studies: readonly BegunStudy[], passesSeed: boolean): TieBand {
  const noise = estimateNoise(space, observationsOf(space, studies)) ?? null;
  return { width: noise?.deviation ?? 0, noise, words: wordsFor(noise, passesSeed) };
}

function observationsOf(space: SearchSpace, studies: readonly BegunStudy[]): Observation[] {
  const seeds = new Map<number, Observation[]>();
  for (const { history } of studies) {
    const known = seeds.get(history.start.seed) ?? [];
    for (const { state, value, proposal } of history.current) {
      const { hyperparameters } = proposal;
      if (state !== 'complete' || value === undefined) continue;
      if (known.some((other) => space.isSame(other.hyperparameters, hyperparameters))) continue;
      known.push({ hyperparameters, loss: toLoss(value, history.objective.direction) });
    }
    seeds.set(history.start.seed, known);
  }
  return [...seeds.values()].flat();
}

function wordsFor(noise: NoiseEstimate | null, passesSeed: boolean): string {
  const seedless = passesSeed ? '' : ' The task passes no seed to its script: repeats differ by what it draws itself.';
  if (noise === null)
    return `only equal values, because the noise is unknown (no configuration was trained with two seeds, and there are too few values to estimate it).${seedless}`;
  const { deviation, from, values } = noise;
  if (from === 'model')
    return `values that differ by no more than ${formatNumber(deviation, 3)}: the noise that a Gaussian process infers from near neighbours among ${values} values, since no configuration was trained with two seeds.${seedless}`;
  if (deviation === 0)
    return `only equal values: ${values} trainings of repeated configurations gave no other with another seed.${seedless}`;
  return `values that differ by no more than ${formatNumber(deviation, 3)}: the standard deviation between trainings of one configuration with several seeds (${values} trainings).${seedless}`;
}
