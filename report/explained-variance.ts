import { type Hyperparameter, type Hyperparameters, isNumeric, toUnit } from '../study/hyperparameter.ts';
import { centred, dot, fTail } from './statistics.ts';

/** What one hyperparameter could explain: centred columns over all trials, zero where it was not active. */
export interface Candidate {
  readonly name: string;
  /** Trials in which it was active. */
  readonly trials: number;
  readonly columns: readonly (readonly number[])[];
}

/** What a parameter explains beyond the others of the model. */
export interface Explained {
  /** Of the variance of the scores, in [0, 1]. */
  readonly share: number;
  /** Of the F test against the model without it; comparable between parameters, not yet corrected for their number. */
  readonly p: number;
}

/** A step into the model needs at least this much; only what passes can hide what another parameter does. */
const ENTER_BELOW = 0.1;

/**
 * A number is a line and a bend on the parameter’s own scale (so that a best value in the middle shows), a choice is
 * a mean per value that was tried at least twice. A column is centred over the trials where the parameter was active
 * and zero elsewhere: what it explains is what it did there, not what its being active did.
 */
export function candidateOf(parameter: Hyperparameter, configurations: readonly Hyperparameters[]): Candidate {
  const { name } = parameter;
  const activeRows = configurations.flatMap((values, row) => (name in values ? [row] : []));
  const valueAt = (row: number) => configurations[row]?.[name] ?? null;
  const raw =
    isNumeric(parameter) || parameter.type === 'ordinal' ? curvesOf(parameter) : meansOf(activeRows.map(valueAt));
  const columns = raw.map((column) => {
    const spread = new Array<number>(configurations.length).fill(0);
    const values = centred(activeRows.map((row) => column(valueAt(row))));
    for (const [index, row] of activeRows.entries()) spread[row] = values[index] ?? 0;
    return spread;
  });
  return { name, trials: activeRows.length, columns: orthonormal(columns) };
}

type Column = (value: Hyperparameters[string]) => number;

function curvesOf(parameter: Hyperparameter): Column[] {
  return [(value) => toUnit(parameter, value), (value) => toUnit(parameter, value) ** 2];
}

function meansOf(tried: readonly Hyperparameters[string][]): Column[] {
  const repeated = [...new Set(tried)].filter((value) => tried.filter((each) => each === value).length >= 2);
  return repeated.map((choice) => (value) => (value === choice ? 1 : 0));
}

/** Explains scores by candidates, over and over with other scores: projections are kept between calls. */
export class VarianceModel {
  readonly #candidates: readonly Candidate[];
  readonly #rows: number;
  readonly #projected = new Map<string, readonly (readonly number[])[]>();

  constructor(candidates: readonly Candidate[], rows: number) {
    this.#candidates = candidates;
    this.#rows = rows;
  }

  /**
   * Every candidate’s share and p beyond the model’s other members. The model grows by the candidate with the
   * smallest p while that is below 0.1 and columns stay below a quarter of the trials.
   */
  explain(scores: readonly number[]): Map<string, Explained> {
    const unit = normalised(centred(scores));
    const members = this.#grow(unit);
    return new Map(
      this.#candidates.map((candidate) => {
        const others = members.filter((member) => member !== candidate);
        return [candidate.name, this.#beyond(candidate, others, unit)];
      }),
    );
  }

  #grow(unit: readonly number[]): Candidate[] {
    const members: Candidate[] = [];
    for (;;) {
      const room = Math.floor(this.#rows / 4) - columnCount(members);
      let best: { candidate: Candidate; p: number } | undefined;
      for (const candidate of this.#candidates) {
        if (members.includes(candidate) || (members.length > 0 && candidate.columns.length > room)) continue;
        const { p } = this.#beyond(candidate, members, unit);
        if (best === undefined || p < best.p) best = { candidate, p };
      }
      if (best === undefined || best.p >= ENTER_BELOW) return members;
      members.push(best.candidate);
    }
  }

  #beyond(candidate: Candidate, others: readonly Candidate[], unit: readonly number[]): Explained {
    const own = this.#columnsBeyond(candidate, others);
    const share = squaredProjection(own, unit);
    const explained = others.reduce(
      (sum, other, index) => sum + squaredProjection(this.#columnsBeyond(other, others.slice(0, index)), unit),
      0,
    );
    const left = this.#rows - 1 - columnCount(others) - own.length;
    const residual = Math.max(0, 1 - explained - share);
    if (own.length === 0 || left < 3) return { share: 0, p: 1 };
    return { share, p: fTail(share / own.length / (residual / left), own.length, left) };
  }

  /** The candidate’s columns made orthonormal to those of the others. */
  #columnsBeyond(candidate: Candidate, others: readonly Candidate[]): readonly (readonly number[])[] {
    if (others.length === 0) return candidate.columns;
    const key = [candidate, ...others].map(({ name }) => name).join(' ');
    const known = this.#projected.get(key);
    if (known !== undefined) return known;
    const base = others.flatMap((other, index) => this.#columnsBeyond(other, others.slice(0, index)));
    const columns = orthonormal(candidate.columns, base);
    this.#projected.set(key, columns);
    return columns;
  }
}

function columnCount(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { columns }) => sum + columns.length, 0);
}

function squaredProjection(columns: readonly (readonly number[])[], unit: readonly number[]): number {
  return columns.reduce((sum, column) => sum + dot(column, unit) ** 2, 0);
}

/** Gram and Schmidt, twice over for accuracy; what the base (or an earlier column) already says is dropped. */
export function orthonormal(
  columns: readonly (readonly number[])[],
  base: readonly (readonly number[])[] = [],
): readonly (readonly number[])[] {
  const kept: (readonly number[])[] = [];
  for (const column of columns) {
    const before = Math.sqrt(dot(column, column));
    if (before < 1e-9) continue;
    const rest = removed(removed(column, [...base, ...kept]), [...base, ...kept]);
    const after = Math.sqrt(dot(rest, rest));
    if (after > 1e-4 * before) kept.push(rest.map((value) => value / after));
  }
  return kept;
}

function removed(column: readonly number[], base: readonly (readonly number[])[]): readonly number[] {
  return base.reduce<readonly number[]>((rest, direction) => {
    const along = dot(rest, direction);
    return rest.map((value, row) => value - along * (direction[row] ?? 0));
  }, column);
}

function normalised(values: readonly number[]): readonly number[] {
  const length = Math.sqrt(dot(values, values));
  return length === 0 ? values : values.map((value) => value / length);
}
