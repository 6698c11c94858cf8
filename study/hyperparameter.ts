/** A value a hyperparameter can take; `null` only as a declared choice (`max_features: null`). */
export type HyperparameterValue = number | string | boolean | null;

/** Values by hyperparameter name. In a proposal: the active ones, nothing else. */
export type Hyperparameters = Readonly<Record<string, HyperparameterValue>>;

/** Active only if every named parameter is active and has one of the given values. */
export type Condition = Readonly<Record<string, readonly HyperparameterValue[]>>;

interface Common {
  readonly name: string;
  /** Dotted path in the script’s config file. */
  readonly key: string;
  readonly description?: string;
  readonly default: HyperparameterValue;
  readonly when?: Condition;
}

/** A real number in [low, high], both inclusive; with `step`, low + k·step. */
export interface FloatParameter extends Common {
  readonly type: 'float';
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
  readonly step?: number;
  readonly default: number;
}

/** A whole number in [low, high], both inclusive; with `step`, low + k·step. */
export interface IntParameter extends Common {
  readonly type: 'int';
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
  readonly step?: number;
  readonly default: number;
}

/** One of several values without an order. */
export interface CategoricalParameter extends Common {
  readonly type: 'categorical';
  readonly choices: readonly HyperparameterValue[];
}

/** One of several values in their given order. */
export interface OrdinalParameter extends Common {
  readonly type: 'ordinal';
  readonly values: readonly HyperparameterValue[];
}

export interface BooleanParameter extends Common {
  readonly type: 'boolean';
  readonly default: boolean;
}

export type NumericParameter = FloatParameter | IntParameter;
export type Hyperparameter = NumericParameter | CategoricalParameter | OrdinalParameter | BooleanParameter;

export function isNumeric(parameter: Hyperparameter): parameter is NumericParameter {
  return parameter.type === 'float' || parameter.type === 'int';
}

/** All values of a parameter that has finitely many of them, in order; undefined for a continuous one. */
export function valuesOf(parameter: Hyperparameter): readonly HyperparameterValue[] | undefined {
  switch (parameter.type) {
    case 'categorical':
      return parameter.choices;
    case 'ordinal':
      return parameter.values;
    case 'boolean':
      return [false, true];
    default:
      return stepsOf(parameter);
  }
}

/** How many values a parameter has, without listing them; infinity for a continuous one. */
export function valueCount(parameter: Hyperparameter): number {
  if (!isNumeric(parameter)) return valuesOf(parameter)?.length ?? 0;
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  return step === undefined ? Number.POSITIVE_INFINITY : Math.floor((parameter.high - parameter.low) / step + 1e-9) + 1;
}

function stepsOf(parameter: NumericParameter): number[] | undefined {
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  if (step === undefined) return undefined;
  const count = Math.floor((parameter.high - parameter.low) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => tidy(parameter.low + k * step));
}

/** Position of a value on the unit interval, on the parameter’s own scale (log, order, index). */
export function toUnit(parameter: Hyperparameter, value: HyperparameterValue): number {
  if (isNumeric(parameter)) {
    const scale = scaleOf(parameter);
    const span = scale(parameter.high) - scale(parameter.low);
    return span === 0 ? 0.5 : (scale(Number(value)) - scale(parameter.low)) / span;
  }
  const values = valuesOf(parameter) ?? [];
  return values.length < 2 ? 0.5 : values.indexOf(value) / (values.length - 1);
}

/** The valid value nearest to a position in [0, 1]; the inverse of {@link toUnit}. */
export function fromUnit(parameter: Hyperparameter, unit: number): HyperparameterValue {
  const position = Math.min(1, Math.max(0, unit));
  if (!isNumeric(parameter)) {
    const values = valuesOf(parameter) ?? [];
    return values[Math.round(position * (values.length - 1))] ?? null;
  }
  const { low, high } = parameter;
  const raw =
    parameter.scale === 'log'
      ? Math.exp(Math.log(low) + position * (Math.log(high) - Math.log(low)))
      : low + position * (high - low);
  return roundToStep(parameter, Math.min(high, Math.max(low, raw)));
}

/** The nearest value on the parameter’s grid (step, or whole numbers), kept inside its range. */
export function roundToStep(parameter: NumericParameter, value: number): number {
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : undefined);
  if (step === undefined) return value;
  const last = Math.floor((parameter.high - parameter.low) / step + 1e-9);
  const index = Math.min(last, Math.max(0, Math.round((value - parameter.low) / step)));
  return tidy(parameter.low + index * step);
}

/** What a value breaks, as a clause that names the value and what would be accepted; undefined when it is fine. */
export function violationOf(parameter: Hyperparameter, value: unknown): string | undefined {
  if (value === undefined) return `${parameter.name} is missing: it takes ${acceptedBy(parameter)}`;
  const shown = JSON.stringify(value);
  if (!isNumeric(parameter)) {
    const accepted = valuesOf(parameter) ?? [];
    return accepted.some((each) => each === value)
      ? undefined
      : `${parameter.name} = ${shown} is not ${acceptedBy(parameter)}`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value))
    return `${parameter.name} = ${shown} is not ${acceptedBy(parameter)}`;
  if (value < parameter.low || value > parameter.high)
    return `${parameter.name} = ${shown} is outside ${rangeOf(parameter)}`;
  const rounded = roundToStep(parameter, value);
  if (Math.abs(rounded - value) > 1e-9 * Math.max(1, Math.abs(value))) {
    const grid =
      parameter.step === undefined ? 'a whole number' : `${parameter.low} plus a multiple of ${parameter.step}`;
    return `${parameter.name} = ${shown} is not ${grid}; the nearest accepted value is ${rounded}`;
  }
  return undefined;
}

function acceptedBy(parameter: Hyperparameter): string {
  if (isNumeric(parameter)) return `a number in ${rangeOf(parameter)}`;
  return `one of ${(valuesOf(parameter) ?? []).map((each) => JSON.stringify(each)).join(', ')}`;
}

function rangeOf({ low, high }: NumericParameter): string {
  return `[${low}, ${high}] (inclusive)`;
}

/** `0.30000000000000004` → `0.3`: sums of steps without their binary dust. */
function tidy(value: number): number {
  return Number.parseFloat(value.toPrecision(12));
}

function scaleOf(parameter: NumericParameter): (value: number) => number {
  return parameter.scale === 'log' ? Math.log : (value) => value;
}
