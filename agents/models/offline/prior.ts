import {
  fromUnit,
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  isNumeric,
  toUnit,
  valuesOf,
} from '../../../study/hyperparameter.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import { type Belief, beliefAbout, plain } from './knowledge.ts';

/**
 * No value is ever ruled out: this share of each belief is flat. A belief that is wrong is thereby a bounded handicap,
 * which the proposer lets fade with every trial.
 */
const FLAT_SHARE = 0.1;

/** The weight from which a value counts as keeping to a rule: about one standard deviation from its centre. */
const KEPT = 0.6;

/** General knowledge as a prior over the configurations of a space. */
export interface Prior {
  /** Whether anything is known about any of the parameters. */
  readonly knowsAnything: boolean;
  /** How usual a configuration is, as a logarithm: 0 where every rule is met, lower elsewhere, bounded below. */
  logWeight(values: Hyperparameters): number;
  /** The most usual configuration: what is known at its usual value, everything else at its default. */
  readonly mode: Hyperparameters;
  /** The rule that speaks for the value of `name` in `values` and against the one in `base`, if there is one. */
  ruleFor(name: string, values: Hyperparameters, base: Hyperparameters): string | undefined;
}

export function createPrior(space: SearchSpace): Prior {
  const weightOf = (parameter: Hyperparameter, values: Hyperparameters): number => {
    const belief = beliefAbout(parameter, { space, values });
    const value = values[parameter.name];
    if (value === undefined) return 1;
    return belief === undefined ? 1 : weight(parameter, belief, value);
  };
  return {
    knowsAnything: space.parameters.some((parameter) => beliefAbout(parameter, { space, values: {} }) !== undefined),
    logWeight: (values) => space.active(values).reduce((sum, each) => sum + Math.log(weightOf(each, values)), 0),
    mode: findMode(space),
    ruleFor: (name, values, base) => {
      const parameter = space.get(name);
      if (parameter === undefined) return undefined;
      const before = base[name];
      const isCloser =
        before === undefined || weightOf(parameter, values) > weightOf(parameter, { ...values, [name]: before });
      if (!isCloser || weightOf(parameter, values) < KEPT) return undefined;
      const belief = beliefAbout(parameter, { space, values });
      // “Longer usually helps” is no reason for fewer epochs, even where fewer are the more usual number.
      const isLess = before !== undefined && toUnit(parameter, values[name] ?? null) < toUnit(parameter, before);
      return belief?.kind === 'more' && isLess ? undefined : belief?.rule;
    },
  };
}

/** Two passes, because what is usual for one parameter may depend on one declared after it. */
function findMode(space: SearchSpace): Hyperparameters {
  let values = Object.fromEntries(space.parameters.map((parameter) => [parameter.name, parameter.default]));
  for (let pass = 0; pass < 2; pass++)
    for (const parameter of space.parameters) {
      const belief = beliefAbout(parameter, { space, values });
      if (belief !== undefined) values = { ...values, [parameter.name]: mostUsual(parameter, belief) };
    }
  const mode = space.onlyActive(values);
  return space.brokenConstraints(mode).length === 0 ? mode : space.defaults();
}

function mostUsual(parameter: Hyperparameter, belief: Belief): HyperparameterValue {
  const bump = bumpOf(parameter, belief);
  if (bump !== undefined) return fromUnit(parameter, bump.centre);
  // The default comes first, so that it wins a tie.
  const candidates = [parameter.default, ...(valuesOf(parameter) ?? [])];
  return candidates.reduce((a, b) => (weight(parameter, belief, b) > weight(parameter, belief, a) ? b : a));
}

/** In (0, 1]: 1 for the most usual value. */
function weight(parameter: Hyperparameter, belief: Belief, value: HyperparameterValue): number {
  const bump = bumpOf(parameter, belief);
  if (bump !== undefined)
    return (
      FLAT_SHARE + (1 - FLAT_SHARE) * Math.exp(-0.5 * ((toUnit(parameter, value) - bump.centre) / bump.width) ** 2)
    );
  if (belief.kind !== 'choices' || isNumeric(parameter)) return 1;
  const weights = (valuesOf(parameter) ?? []).map((each) => belief.weights[plain(String(each))] ?? 1);
  const own = belief.weights[plain(String(value))] ?? 1;
  return FLAT_SHARE + (1 - FLAT_SHARE) * (own / Math.max(...weights));
}

interface Bump {
  readonly centre: number;
  readonly width: number;
}

/** Where on the unit scale of the parameter its usual values lie; undefined for a belief that does not fit its type. */
function bumpOf(parameter: Hyperparameter, belief: Belief): Bump | undefined {
  if (belief.kind === 'choices' || !isOrdered(parameter)) return undefined;
  if (belief.kind === 'more') return { centre: 0.8, width: 0.3 };
  const from = unitOf(parameter, belief.low);
  const to = unitOf(parameter, belief.high);
  const isOutside = from === to; // the whole usual range lies beyond one end: a hint, no more
  return { centre: (from + to) / 2, width: isOutside ? 0.35 : Math.max(0.12, (to - from) / 2) };
}

function isOrdered(parameter: Hyperparameter): boolean {
  return (
    isNumeric(parameter) || (parameter.type === 'ordinal' && parameter.values.every((each) => typeof each === 'number'))
  );
}

/** The position of a number that need not be a valid value: cut to the range, between two ordered values by share. */
function unitOf(parameter: Hyperparameter, number: number): number {
  if (isNumeric(parameter)) return toUnit(parameter, Math.min(parameter.high, Math.max(parameter.low, number)));
  const values = (valuesOf(parameter) ?? []).map(Number);
  const below = values.filter((each) => each <= number).length - 1;
  const [left, right] = [values[below], values[below + 1]];
  if (left === undefined) return 0;
  if (right === undefined) return 1;
  return (below + (number - left) / (right - left)) / (values.length - 1);
}
