import type { Observation } from './sampler.ts';

/** What a sampler looked at: `1 finished trial with a value`, `14 finished trials, 12 with a value, and 5 of an earlier study`. */
export function trialsInWords(observations: readonly Observation[]): string {
  const own = observations.filter(({ isEarlier }) => isEarlier !== true);
  const earlier = observations.length - own.length;
  return earlier === 0 ? inWords(own) : `${inWords(own)}, and ${earlier} of an earlier study`;
}

function inWords(observations: readonly Observation[]): string {
  const count = observations.length;
  if (count === 0) return 'no finished trial';
  const trials = count === 1 ? '1 finished trial' : `${count} finished trials`;
  const valued = observations.filter(({ loss }) => loss !== null).length;
  if (valued === count) return `${trials} with a value`;
  return valued === 0 ? `${trials} without a value` : `${trials}, ${valued} with a value`;
}
