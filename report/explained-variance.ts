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

/** Some candidates in the order they entered, with what the others can say beyond them. */
class Members {
  readonly list: readonly Candidate[];
  readonly columns: readonly (readonly number[])[];
  readonly #beyond = new Map<Candidate, readonly (readonly number[])[]>();
  readonly #with = new Map<Candidate, Members>();

  constructor(list: readonly Candidate[], columns: readonly (readonly number[])[]) {
    this.list = list;
    this.columns = columns;
  }

  /** The candidate’s columns made orthonormal to the members’. Kept: it is asked again for every shuffling. */
  beyond(candidate: Candidate): readonly (readonly number[])[] {
    const known = this.#beyond.get(candidate) ?? orthonormal(candidate.columns, this.columns);
    this.#beyond.set(candidate, known);
    return known;
  }

  with(candidate: Candidate): Members {
    const known =
      this.#with.get(candidate) ?? new Members([...this.list, candidate], [...this.columns, ...this.beyond(candidate)]);
    this.#with.set(candidate, known);
    return known;
  }
}

/** Explains scores by candidates, over and over with other scores. */
export class VarianceModel {
  readonly #candidates: readonly Candidate[];
  readonly #rows: number;
  readonly #none = new Members([], []);

  constructor(candidates: readonly Candidate[], rows: number) {
    this.#candidates = candidates;
    this.#rows = rows;
  }

  /**
   * Every candidate’s share and p beyond the model’s other members. The model grows by the candidate with the
   * smallest p while that is below 0.1 and its columns stay below a quarter of the trials.
   */
  explain(scores: readonly number[]): Map<string, Explained> {
    const unit = normalised(centred(scores));
    const members = this.#grow(unit);
    const all = squaredProjection(members.columns, unit);
    return new Map(
      this.#candidates.map((candidate) => {
        if (!members.list.includes(candidate)) return [candidate.name, this.#judge(candidate, members, all, unit)];
        const others = members.list.filter((member) => member !== candidate);
        const rest = others.reduce((some, other) => some.with(other), this.#none);
        return [candidate.name, this.#judge(candidate, rest, squaredProjection(rest.columns, unit), unit)];
      }),
    );
  }

  #grow(unit: readonly number[]): Members {
    let members = this.#none;
    for (;;) {
      const room = Math.floor(this.#rows / 4) - members.columns.length;
      const explained = squaredProjection(members.columns, unit);
      let best: { candidate: Candidate; p: number } | undefined;
      for (const candidate of this.#candidates) {
        const hasRoom = members.list.length === 0 || candidate.columns.length <= room;
        if (!hasRoom || members.list.includes(candidate)) continue;
        const { p } = this.#judge(candidate, members, explained, unit);
        if (best === undefined || p < best.p) best = { candidate, p };
      }
      if (best === undefined || best.p >= ENTER_BELOW) return members;
      members = members.with(best.candidate);
    }
  }

  /** What the candidate adds to members that explain `explained`. */
  #judge(candidate: Candidate, members: Members, explained: number, unit: readonly number[]): Explained {
    const own = members.beyond(candidate);
    const left = this.#rows - 1 - members.columns.length - own.length;
    if (own.length === 0 || left < 3) return { share: 0, p: 1 };
    const share = squaredProjection(own, unit);
    const residual = Math.max(0, 1 - explained - share);
    return { share, p: fTail(share / own.length / (residual / left), own.length, left) };
  }
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
