import type { Analysis } from '../study/roles.ts';
import type { ParameterEffect } from './parameter-effect.ts';

/** A sentence of the Creator’s analysis about one hyperparameter, beside what the data says about it. */
export interface Claim {
  readonly name: string;
  /** A model’s words. */
  readonly sentence: string;
  /** undefined when it names nothing of this study’s space. */
  readonly effect?: ParameterEffect;
  /** Why the log cannot carry any sentence about an influence; undefined when it can. */
  readonly unsupported?:
    | 'not-a-hyperparameter'
    | 'never-active'
    | 'never-varied'
    | 'too-few-trials'
    | 'no-effect-shown';
}

/** In the analysis’s order. Whether the sentence’s own direction is right is left to the reader: both stand side by side. */
export function claimsOf(analysis: Analysis, effects: readonly ParameterEffect[]): Claim[] {
  return Object.entries(analysis.influence).map(([name, sentence]) => {
    const effect = effects.find(({ parameter }) => parameter.name === name);
    const unsupported = reasonAgainst(effect);
    return { name, sentence, ...(effect && { effect }), ...(unsupported && { unsupported }) };
  });
}

function reasonAgainst(effect: ParameterEffect | undefined): Claim['unsupported'] {
  if (effect === undefined) return 'not-a-hyperparameter';
  const { trials, verdict } = effect.importance;
  if (trials === 0) return 'never-active';
  if (verdict === 'never-varied') return 'never-varied';
  if (verdict === 'too-few-trials') return 'too-few-trials';
  return verdict === 'not-shown' ? 'no-effect-shown' : undefined;
}
