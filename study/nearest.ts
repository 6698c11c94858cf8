import { closest, distance } from 'fastest-levenshtein';

/** The known name a typo most likely meant, or undefined when nothing is near. */
export function nearestTo(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}

/** ` (did you mean "x"?)`, or the list of what exists. */
export function didYouMean(word: string, known: readonly string[]): string {
  const candidate = nearestTo(word, known);
  if (candidate !== undefined) return `did you mean "${candidate}"?`;
  return known.length === 0 ? 'nothing is known here' : `known: ${known.join(', ')}`;
}
