import type { OptunaParameter, OptunaPoint } from '../../runners/optuna/protocol.ts';
import {
  type Hyperparameter,
  type Hyperparameters,
  type HyperparameterValue,
  isNumeric,
  roundToStep,
  valuesOf,
} from '../../study/hyperparameter.ts';
import type { SearchSpace } from '../../study/search-space.ts';

/**
 * A space as Optuna’s distributions: an ordinal is a whole number, its index; a categorical or a boolean is a choice, by
 * index too, since Optuna knows no two choices that are equal in Python (1 and True). Constraints stay with us.
 */
export function toOptunaParameters(space: SearchSpace): OptunaParameter[] {
  return space.parameters.map((parameter) => {
    const { name } = parameter;
    const when = Object.fromEntries(
      Object.entries(parameter.when ?? {}).map(([parent, accepted]) => {
        const of = space.get(parent);
        return [parent, of === undefined ? [] : accepted.map((value) => toNumber(of, value))];
      }),
    );
    if (isNumeric(parameter)) {
      const { type: kind, low, high, scale, step = null } = parameter;
      return { name, when, kind, low, high, log: scale === 'log', step };
    }
    const count = valuesOf(parameter)?.length ?? 0;
    if (parameter.type === 'ordinal') return { name, when, kind: 'int', low: 0, high: count - 1, log: false, step: 1 };
    return { name, when, kind: 'choice', count };
  });
}

/** A valid configuration in numbers. */
export function toOptunaPoint(space: SearchSpace, values: Hyperparameters): OptunaPoint {
  return Object.fromEntries(
    space.active(values).map((parameter) => [parameter.name, toNumber(parameter, values[parameter.name] ?? null)]),
  );
}

/**
 * The configuration that a point stands for. It need not be valid: the space’s constraints are not Optuna’s, and what it
 * says need not be true.
 */
export function fromOptunaPoint(space: SearchSpace, point: OptunaPoint): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(point).map(([name, number]) => {
      const parameter = space.get(name);
      return [name, parameter === undefined ? number : fromNumber(parameter, number)];
    }),
  );
}

function toNumber(parameter: Hyperparameter, value: HyperparameterValue): number {
  return isNumeric(parameter) ? Number(value) : (valuesOf(parameter)?.indexOf(value) ?? -1);
}

/** A number goes to the nearest step: 0.1 + 0.2 is no 0.3, and on a logarithmic scale Optuna knows no steps. */
function fromNumber(parameter: Hyperparameter, number: number): HyperparameterValue | undefined {
  return isNumeric(parameter) ? roundToStep(parameter, number) : valuesOf(parameter)?.[number];
}
