import type { HyperparameterValue } from './hyperparameter.ts';
import { type HyperparameterSpec, parseParameter } from './hyperparameter-spec.ts';
import type { SearchSpaceSpec } from './search-space.ts';
import type { FixedParameter } from './task.ts';

export interface Resolution {
  readonly spec: SearchSpaceSpec;
  readonly fixed: readonly FixedParameter[];
}

/**
 * Take a parameter out of the search at a value. Conditions on it are settled: a child that can now never be active
 * goes too, one that is always active loses the condition. A parameter that is itself conditional stays, with one value.
 */
export function fixParameter({ spec, fixed }: Resolution, name: string, value: HyperparameterValue): Resolution {
  const parameter = spec.hyperparameters[name];
  if (parameter === undefined) throw new Error(`${name} is never active beside the values that are fixed already`);
  assertValue(name, parameter, value);
  if (parameter.when !== undefined) return { spec: withParameter(spec, name, single(parameter, value)), fixed };
  const { [name]: _, ...others } = spec.hyperparameters;
  return {
    spec: { ...spec, hyperparameters: settle(others, name, value), constants: { ...spec.constants, [name]: value } },
    fixed: [...fixed, { name, key: parameter.key ?? name, value }],
  };
}

/** Throws an Error that says what the parameter accepts. */
function assertValue(name: string, parameter: HyperparameterSpec, value: HyperparameterValue): void {
  const checked = parseParameter(name, { ...parameter, when: undefined, default: value });
  if (typeof checked === 'string') throw new Error(checked.replace(/^the default (is invalid: )?/, ''));
}

/** Replace one parameter’s fields (range, choices, default …). */
export function changeParameter(
  spec: SearchSpaceSpec,
  name: string,
  change: Partial<HyperparameterSpec>,
): SearchSpaceSpec {
  const parameter = spec.hyperparameters[name];
  if (parameter === undefined) throw new Error(`${name} is not a hyperparameter`);
  return withParameter(spec, name, { ...parameter, ...change });
}

function withParameter(spec: SearchSpaceSpec, name: string, parameter: HyperparameterSpec): SearchSpaceSpec {
  return { ...spec, hyperparameters: { ...spec.hyperparameters, [name]: parameter } };
}

type Specs = SearchSpaceSpec['hyperparameters'];

function settle(specs: Specs, name: string, value: HyperparameterValue): Specs {
  const kept: Record<string, HyperparameterSpec> = {};
  const gone = new Set<string>();
  for (const [child, spec] of Object.entries(specs)) {
    const { [name]: onFixed, ...rest } = spec.when ?? {};
    const accepted = onFixed === undefined || [onFixed].flat().includes(value);
    if (!accepted || Object.keys(rest).some((parent) => gone.has(parent))) gone.add(child);
    else kept[child] = { ...spec, when: Object.keys(rest).length > 0 ? rest : undefined };
  }
  return kept;
}

function single(parameter: HyperparameterSpec, value: HyperparameterValue): HyperparameterSpec {
  const { type, when, description, key } = parameter;
  const kept = { when, description, key, default: value };
  if ((type === 'float' || type === 'int') && typeof value === 'number')
    return { ...kept, type, range: [value, value], ...(parameter.scale !== undefined && { scale: parameter.scale }) };
  return type === 'ordinal' ? { ...kept, type, values: [value] } : { ...kept, type: 'categorical', choices: [value] };
}
