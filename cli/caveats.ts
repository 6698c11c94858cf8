import type { Task } from '../study/task.ts';

/** What the numbers to come are not, said before anything runs; nothing for a real task in a setting without a caveat. */
export function caveatLines({ dataIsStandIn, profile }: Task): string[] {
  return [
    ...(dataIsStandIn
      ? ['STAND-IN DATA: generated to try the machinery. No number of it says anything about the real task.']
      : []),
    ...(profile?.caveat === undefined ? [] : [`Profile ${profile.name}: ${profile.caveat}.`]),
  ];
}
