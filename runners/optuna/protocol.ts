import { z } from 'zod';
import type { OptunaSampler } from '../../study/strategy.ts';

/** A configuration in numbers, by the names of its active parameters; a choice is its index. */
export type OptunaPoint = Readonly<Record<string, number>>;

interface Common {
  readonly name: string;
  /** Active only where every named parameter is active and has one of these values; empty: always. */
  readonly when: Readonly<Record<string, readonly number[]>>;
}

/** A parameter as Optuna’s distributions have them. */
export type OptunaParameter =
  | (Common & {
      readonly kind: 'float' | 'int';
      /** Both inclusive. */
      readonly low: number;
      readonly high: number;
      /** Optuna takes no step with it (for whole numbers: 1). */
      readonly log: boolean;
      readonly step: number | null;
    })
  /** `count` values without an order. */
  | (Common & { readonly kind: 'choice'; readonly count: number });

/** A whole study, as bridge.py takes it; Optuna minimises the loss. */
export interface OptunaQuestion {
  readonly sampler: OptunaSampler;
  /** In [0, 2³²). */
  readonly seed: number;
  /** Each behind those that its condition names. */
  readonly parameters: readonly OptunaParameter[];
  /** In the order in which they were proposed; a loss of null: no value. */
  readonly trials: readonly { readonly point: OptunaPoint; readonly loss: number | null }[];
  readonly pending: readonly OptunaPoint[];
}

/** A line of bridge.py. */
export const optunaLine = z.union([
  z.strictObject({
    point: z.record(z.string(), z.number()),
    /** Which sampler of which version it was, and what it did otherwise than its name says. */
    how: z.string().max(2000),
  }),
  z.strictObject({ error: z.string() }),
]);

export interface OptunaAnswer {
  readonly point: OptunaPoint;
  readonly how: string;
}
