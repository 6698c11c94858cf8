/**
 * The statistics of a comparison of arms. Pure; `random` is a function that answers numbers in [0, 1).
 */

/**
 * Ranks of values, 1 for the lowest; those that `isTie` calls equal share half a rank each. With a band around each value
 * a tie is no equivalence, so each rank is counted by itself: 1 + the better ones + half of the tied ones.
 */
export function ranksOf(values, isTie = (a, b) => a === b) {
  return values.map((value, index) => {
    const others = values.filter((_, other) => other !== index);
    const tied = others.filter((other) => isTie(value, other)).length;
    const better = others.filter((other) => !isTie(value, other) && other < value).length;
    return 1 + better + tied / 2;
  });
}

export function mean(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** Linear between the two nearest of the sorted values; `share` in [0, 1]. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === high ? low : low + (at - Math.floor(at)) * (high - low);
}

/**
 * 95 % interval of the mean over groups (problems) of the mean within each (over seeds), by drawing groups with
 * replacement and, within each, its members: two arms that met the same seeds are compared by their differences.
 */
export function bootstrapInterval(groups, random, draws = 10_000) {
  const pick = (items) => items[Math.floor(random() * items.length)];
  const resample = (items) => items.map(() => pick(items));
  const means = Array.from({ length: draws }, () => mean(resample(groups).map((group) => mean(resample(group)))));
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** With more differences the normal approximation is close, and counting sums is slow. */
const EXACT_UP_TO = 25;

/**
 * Two-sided p value of Wilcoxon’s signed-rank test that differences lie about 0. Zeros are left out; equal sizes share
 * their mean rank. Exact up to 25 differences, ties included; beyond, the normal approximation. 1 when nothing differs.
 */
export function wilcoxonSignedRank(differences) {
  const nonzero = differences.filter((difference) => difference !== 0);
  if (nonzero.length === 0) return 1;
  // Twice the ranks: whole numbers, halves of ties included.
  const ranks = ranksOf(nonzero.map(Math.abs)).map((rank) => Math.round(2 * rank));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.filter((_, index) => nonzero[index] > 0).reduce((sum, rank) => sum + rank, 0);
  const smaller = Math.min(positive, total - positive);
  const tail = nonzero.length <= EXACT_UP_TO ? exactTail(ranks, smaller) : normalTail(ranks, smaller);
  return Math.min(1, 2 * tail);
}

/** Share of the 2ⁿ ways to give the ranks signs whose positive ones add up to at most `limit`. */
function exactTail(ranks, limit) {
  const ways = new Float64Array(limit + 1);
  ways[0] = 1;
  for (const rank of ranks) for (let sum = limit; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  return ways.reduce((sum, each) => sum + each, 0) / 2 ** ranks.length;
}

function normalTail(ranks, sum) {
  const middle = ranks.reduce((total, rank) => total + rank, 0) / 2;
  const deviation = Math.sqrt(ranks.reduce((total, rank) => total + rank * rank, 0)) / 2;
  return normalDistribution((sum - middle) / deviation);
}

/** Abramowitz and Stegun 7.1.26; its error is below 2e-7. */
function normalDistribution(z) {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = (polynomial * Math.exp(-x * x)) / 2;
  return z < 0 ? upper : 1 - upper;
}

/** Holm’s step-down adjustment: p values that may all be held against one level. In the given order. */
export function holm(pValues) {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array(pValues.length);
  let highest = 0;
  order.forEach((index, position) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - position) * pValues[index]));
    adjusted[index] = highest;
  });
  return adjusted;
}

/** A small generator of random numbers in [0, 1) (mulberry32), so that intervals are the same in every run. */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
