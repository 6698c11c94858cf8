import { fTail, mean } from './statistics.ts';

/** The mean of some differences, and what the differences say of how sure it is. */
export interface PairedDifference {
  readonly pairs: number;
  readonly mean: number;
  /** Standard deviation of the differences (n − 1). */
  readonly deviation: number;
  /** The ends of the 95 % interval of the mean. */
  readonly low: number;
  readonly high: number;
}

/**
 * Student’s t interval (95 %) of the mean of paired differences. It assumes that the differences are independent and
 * about normal, which so few cannot show; for two pairs it is 9 standard deviations wide to either side. Needs two pairs.
 */
export function pairedDifference(differences: readonly number[]): PairedDifference {
  const pairs = differences.length;
  if (pairs < 2) throw new Error(`an interval needs two differences, got ${pairs}`);
  const centre = mean(differences);
  const deviation = standardDeviation(differences);
  const reach = (studentQuantile(pairs - 1) * deviation) / Math.sqrt(pairs);
  return { pairs, mean: centre, deviation, low: centre - reach, high: centre + reach };
}

/** A deviation this small beside the mean is rounding. */
const ROUNDING = 1e-9;

/** Whether every pair has the same difference, so that an interval would say nothing. */
export function isAlwaysTheSame({ mean: centre, deviation }: PairedDifference): boolean {
  return deviation <= ROUNDING * Math.abs(centre);
}

/** Around the mean, with n − 1; NaN for a single value. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** How many standard errors hold 95 % of Student’s t with so many degrees of freedom, in the middle: 12.71 for 1, 4.303 for 2. */
function studentQuantile(degrees: number): number {
  let [low, high] = [1.9, 13];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    // The square of a t variable is an F variable with one degree of freedom above.
    if (fTail(middle ** 2, 1, degrees) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
