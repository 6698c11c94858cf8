import {
  type Hyperparameter,
  type Hyperparameters,
  isNumeric,
  roundToStep,
  valueCount,
} from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';

/** With at most this many values, two neighbours are far more than 1e-6 of the range apart, so equality is exact. */
const EXACT_UP_TO = 1000;

/**
 * The configurations that may not be proposed again, by the rule of `space.isSame`. Looking one up compares it only
 * with those that agree in everything countable, so a finite space of thousands of points is searched in linear time.
 */
export class TriedSet {
  readonly #space: SearchSpace;
  readonly #exact: readonly Hyperparameter[];
  readonly #groups = new Map<string, Hyperparameters[]>();

  constructor(space: SearchSpace, configurations: Iterable<Hyperparameters> = []) {
    this.#space = space;
    this.#exact = space.parameters.filter((parameter) => valueCount(parameter) <= EXACT_UP_TO);
    for (const values of configurations) this.add(values);
  }

  add(values: Hyperparameters): void {
    const key = this.#key(values);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, [values]);
    else group.push(values);
  }

  has(values: Hyperparameters): boolean {
    return this.#groups.get(this.#key(values))?.some((each) => this.#space.isSame(each, values)) ?? false;
  }

  #key(values: Hyperparameters): string {
    return JSON.stringify(
      this.#exact.map((parameter) => {
        const value = values[parameter.name];
        if (value === undefined) return 0; // inactive; a value stands in its own list
        return [isNumeric(parameter) ? roundToStep(parameter, Number(value)) : value];
      }),
    );
  }
}
