import {
  type Condition,
  type Hyperparameter,
  type HyperparameterValue,
  isNumeric,
  violationOf,
} from './hyperparameter.ts';

/** One hyperparameter as task.yaml and the prompts write it. */
export interface HyperparameterSpec {
  readonly type: Hyperparameter['type'];
  readonly range?: readonly [number, number];
  readonly scale?: 'linear' | 'log';
  readonly step?: number;
  readonly choices?: readonly HyperparameterValue[];
  readonly values?: readonly HyperparameterValue[];
  readonly default?: HyperparameterValue;
  readonly description?: string;
  readonly key?: string;
  readonly when?: Readonly<Record<string, HyperparameterValue | readonly HyperparameterValue[]>>;
}

/** One written parameter, checked; what is wrong with it as text. */
export function parseParameter(name: string, spec: HyperparameterSpec): Hyperparameter | string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return 'a name is letters, digits and underscores (use "key" for a dotted config path)';
  const common = {
    name,
    key: spec.key ?? name,
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.when !== undefined && { when: parseCondition(spec.when) }),
  };
  const stray = strayFields(spec);
  if (stray !== undefined) return stray;
  if (spec.default === undefined)
    return 'has no default; write one here, or name the config file (train.config) that holds it';
  const parsed = parseKind(common, spec, spec.default);
  if (typeof parsed === 'string') return parsed;
  const wrong = violationOf(parsed, parsed.default);
  return wrong === undefined ? parsed : `the default is invalid: ${wrong}`;
}

type Named = Pick<Hyperparameter, 'name' | 'key' | 'description' | 'when'>;

function parseKind(common: Named, spec: HyperparameterSpec, initial: HyperparameterValue): Hyperparameter | string {
  switch (spec.type) {
    case 'float':
    case 'int':
      return parseNumeric(common, spec, spec.type, initial);
    case 'categorical':
    case 'ordinal': {
      const field = spec.type === 'categorical' ? 'choices' : 'values';
      const values = spec[field];
      if (values === undefined || values.length === 0) return `needs ${field}: a list of at least one value`;
      if (new Set(values).size < values.length) return `${field} holds a value twice: ${JSON.stringify(values)}`;
      return spec.type === 'categorical'
        ? { ...common, type: 'categorical', choices: values, default: initial }
        : { ...common, type: 'ordinal', values, default: initial };
    }
    case 'boolean':
      if (typeof initial !== 'boolean') return `the default must be true or false, got ${JSON.stringify(initial)}`;
      return { ...common, type: 'boolean', default: initial };
  }
}

function parseNumeric(
  common: Named,
  spec: HyperparameterSpec,
  type: 'float' | 'int',
  initial: HyperparameterValue,
): Hyperparameter | string {
  const { range, scale = 'linear', step } = spec;
  if (range === undefined) return `needs range: [low, high]`;
  const [low, high] = range;
  if (!(low <= high)) return `range must be [low, high] with low ≤ high, got [${low}, ${high}]`;
  if (type === 'int' && !(Number.isInteger(low) && Number.isInteger(high)))
    return `an int’s range must be whole numbers, got [${low}, ${high}]`;
  if (scale === 'log' && low <= 0) return `low must be > 0 on a log scale, got ${low}`;
  if (step !== undefined && !(step > 0)) return `step must be > 0, got ${step}`;
  if (type === 'int' && step !== undefined && !Number.isInteger(step))
    return `an int’s step must be whole, got ${step}`;
  if (typeof initial !== 'number') return `the default must be a number, got ${JSON.stringify(initial)}`;
  return { ...common, type, low, high, scale, default: initial, ...(step !== undefined && { step }) };
}

const FIELDS_OF: Record<Hyperparameter['type'], readonly (keyof HyperparameterSpec)[]> = {
  float: ['range', 'scale', 'step'],
  int: ['range', 'scale', 'step'],
  categorical: ['choices'],
  ordinal: ['values'],
  boolean: [],
};

function strayFields(spec: HyperparameterSpec): string | undefined {
  const special = ['range', 'scale', 'step', 'choices', 'values'] as const;
  const stray = special.find((field) => spec[field] !== undefined && !FIELDS_OF[spec.type].includes(field));
  if (stray === undefined) return undefined;
  return `${spec.type} has no "${stray}"; it takes ${[...FIELDS_OF[spec.type], 'default', 'description', 'when', 'key'].join(', ')}`;
}

function parseCondition(when: NonNullable<HyperparameterSpec['when']>): Condition {
  return Object.fromEntries(Object.entries(when).map(([name, value]) => [name, isList(value) ? value : [value]]));
}

function isList(value: HyperparameterValue | readonly HyperparameterValue[]): value is readonly HyperparameterValue[] {
  return Array.isArray(value);
}

/** As task.yaml would write it; {@link parseParameter} of it gives the same parameter. */
export function specOf(parameter: Hyperparameter): HyperparameterSpec {
  return {
    type: parameter.type,
    ...(isNumeric(parameter) && {
      range: [parameter.low, parameter.high] as const,
      ...(parameter.scale === 'log' && { scale: parameter.scale }),
      ...(parameter.step !== undefined && { step: parameter.step }),
    }),
    ...(parameter.type === 'categorical' && { choices: parameter.choices }),
    ...(parameter.type === 'ordinal' && { values: parameter.values }),
    default: parameter.default,
    ...(parameter.key !== parameter.name && { key: parameter.key }),
    ...(parameter.description !== undefined && { description: parameter.description }),
    ...(parameter.when !== undefined && { when: parameter.when }),
  };
}
