/** Cells of this width are all alike: half of what tells two values of a parameter apart. */
const RESOLUTION = 5e-7;

/**
 * Points of Halton’s sequence (1960) with Owen’s nested uniform scrambling (1995, 2017): every point alone is uniform,
 * and together they lie evenly, whatever their number. Coordinate d counts in the d-th prime base: of any b^k points in a
 * row, each of the b^k cells of its range holds one. Bousquet et al. (2017) found such points a better first look at
 * hyperparameters than random ones. Any number of dimensions; along those with a base larger than the number of points
 * (from the 16th on, for 50 points) it is a Latin hypercube.
 */
export class ScrambledHalton {
  readonly #bases: readonly number[];
  readonly #seed: number;

  /** `seed` is a whole number in [0, 2³²). */
  constructor(seed: number, dimensions: number) {
    this.#seed = seed;
    this.#bases = firstPrimes(dimensions);
  }

  /** Point `index`, counted from 0: one number in [0, 1) for each dimension, computed without the points before it. */
  point(index: number): number[] {
    return this.#bases.map((base) => scrambledInverse(index, base, mix(this.#seed, base)));
  }
}

/**
 * The digits of `index`, least first, as the digits behind the point. Each is permuted by a permutation of its own for
 * every different beginning: `node` names the place in that tree of digits.
 */
function scrambledInverse(index: number, base: number, root: number): number {
  let value = 0;
  let rest = index;
  let node = root;
  for (let width = 1; width > RESOLUTION; width /= base) {
    const digit = rest % base;
    value += (permuted(digit, base, node) * width) / base;
    node = mix(node, digit);
    rest = Math.floor(rest / base);
  }
  return value;
}

/** Where `digit` goes in the permutation of 0 … base − 1 that a node stands for: a shuffle, followed for one element. */
function permuted(digit: number, base: number, node: number): number {
  let place = digit;
  for (let last = base - 1; last > 0; last--) {
    const other = mix(node, -last) % (last + 1);
    if (place === last) place = other;
    else if (place === other) place = last;
  }
  return place;
}

/** A hash of two 32-bit numbers, in [0, 2³²): the finaliser of MurmurHash3 (Appleby 2011) over their combination. */
function mix(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}
