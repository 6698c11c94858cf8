import { messageOf } from './errors.ts';
import { type Expression, parseExpression } from './expression.ts';
import {
  type Condition,
  type Hyperparameter,
  type Hyperparameters,
  isNumeric,
  toUnit,
  valueCount,
  valuesOf,
  violationOf,
} from './hyperparameter.ts';
import { type HyperparameterSpec, parseParameter, specOf } from './hyperparameter-spec.ts';
import { didYouMean } from './nearest.ts';

/** Two numbers closer than this share of their (log) range count as the same value. */
const SAME_WITHIN = 1e-6;

/** A search space as task.yaml and the prompts write it. */
export interface SearchSpaceSpec {
  readonly hyperparameters: Readonly<Record<string, HyperparameterSpec>>;
  readonly constraints?: readonly string[];
  /** Values that constraints may name although nothing searches them (parameters fixed by a profile). */
  readonly constants?: Hyperparameters;
}

/**
 * What may be tried: typed hyperparameters, conditions between them, and constraints across them. One space drives
 * the prompt text, the check of every proposal, all samplers and the report. Immutable and pure.
 */
export class SearchSpace {
  /** In declared order; a parameter’s condition may only name parameters declared before it. */
  readonly parameters: readonly Hyperparameter[];
  readonly constraints: readonly Expression[];
  /** Fixed values that constraints may name. */
  readonly constants: Hyperparameters;
  readonly #byName: ReadonlyMap<string, Hyperparameter>;

  constructor(
    parameters: readonly Hyperparameter[],
    constraints: readonly Expression[] = [],
    constants: Hyperparameters = {},
  ) {
    this.parameters = parameters;
    this.constraints = constraints;
    this.constants = constants;
    this.#byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  }

  get names(): string[] {
    return this.parameters.map((parameter) => parameter.name);
  }

  /** The parameter called `name`; undefined when there is none. */
  get(name: string): Hyperparameter | undefined {
    return this.#byName.get(name);
  }

  /** Whether the parameter’s condition holds under `values` (which need not be complete or valid). */
  isActive(parameter: Hyperparameter, values: Hyperparameters): boolean {
    return Object.entries(parameter.when ?? {}).every(([name, accepted]) => {
      const parent = this.#byName.get(name);
      const value = values[name];
      return parent !== undefined && value !== undefined && accepted.includes(value) && this.isActive(parent, values);
    });
  }

  /** The parameters whose conditions hold under `values`. */
  active(values: Hyperparameters): Hyperparameter[] {
    return this.parameters.filter((parameter) => this.isActive(parameter, values));
  }

  /** `values` without the parameters that their own conditions switch off. */
  onlyActive(values: Hyperparameters): Hyperparameters {
    const kept = this.active(values).filter((parameter) => parameter.name in values);
    return Object.fromEntries(kept.map(({ name }) => [name, values[name] ?? null]));
  }

  /** The default configuration: every active parameter at its default. */
  defaults(): Hyperparameters {
    return this.onlyActive(Object.fromEntries(this.parameters.map((parameter) => [parameter.name, parameter.default])));
  }

  /** Everything that keeps `values` from being a configuration of this space, each as one clause; empty when valid. */
  violations(values: Readonly<Record<string, unknown>>): string[] {
    const found = [
      ...Object.keys(values)
        .filter((name) => !this.#byName.has(name))
        .map((name) => `${name} is not a hyperparameter of this task (${didYouMean(name, this.names)})`),
      ...this.parameters.flatMap((parameter) => this.#violation(parameter, values) ?? []),
    ];
    return found.length > 0 ? found : this.brokenConstraints(values as Hyperparameters);
  }

  #violation(parameter: Hyperparameter, values: Readonly<Record<string, unknown>>): string | undefined {
    const { name } = parameter;
    const given = name in values;
    if (this.isActive(parameter, values as Hyperparameters)) return violationOf(parameter, values[name]);
    return given ? `${name} has no effect unless ${describeCondition(parameter.when ?? {})}: leave it out` : undefined;
  }

  /** The constraints that a configuration of valid values breaks. One that names an inactive parameter does not apply. */
  brokenConstraints(values: Hyperparameters): string[] {
    const all = { ...this.constants, ...values };
    return this.constraints
      .filter(({ names }) => names.every((name) => name in all))
      .filter((constraint) => constraint.evaluate(all) !== true)
      .map((constraint) => {
        const shown = constraint.names.map((name) => `${name} = ${JSON.stringify(all[name])}`).join(', ');
        return `the constraint "${constraint.source}" does not hold for ${shown}`;
      });
  }

  /** Whether two valid configurations are the same trial: equal, numbers up to 1e-6 of their (log) range. */
  isSame(a: Hyperparameters, b: Hyperparameters): boolean {
    return this.parameters.every((parameter) => {
      const left = a[parameter.name];
      const right = b[parameter.name];
      if (left === undefined || right === undefined || !isNumeric(parameter)) return left === right;
      return Math.abs(toUnit(parameter, left) - toUnit(parameter, right)) <= SAME_WITHIN;
    });
  }

  /** Every configuration of a finite space, in order; undefined when there are more than `limit` (or infinitely many) combinations. */
  enumerate(limit: number): Hyperparameters[] | undefined {
    let partial: Hyperparameters[] = [{}];
    for (const parameter of this.parameters) {
      // Counted before listed: an int from 1 to 10⁹ must not become an array.
      const values = valueCount(parameter) > limit ? undefined : valuesOf(parameter);
      if (values === undefined) return undefined;
      partial = partial.flatMap((chosen) =>
        this.isActive(parameter, chosen) ? values.map((value) => ({ ...chosen, [parameter.name]: value })) : [chosen],
      );
      if (partial.length > limit) return undefined;
    }
    return partial.filter((values) => this.brokenConstraints(values).length === 0);
  }

  /** The space as task.yaml would write it; {@link parseSearchSpace} of it gives the same space. */
  toSpec(): SearchSpaceSpec {
    return {
      hyperparameters: Object.fromEntries(this.parameters.map((parameter) => [parameter.name, specOf(parameter)])),
      ...(this.constraints.length > 0 && { constraints: this.constraints.map(({ source }) => source) }),
      ...(Object.keys(this.constants).length > 0 && { constants: this.constants }),
    };
  }
}

/** Check a written space once and for all. Throws an Error whose message lists every problem, one a line. */
export function parseSearchSpace(spec: SearchSpaceSpec): SearchSpace {
  const problems: string[] = [];
  const parameters = Object.entries(spec.hyperparameters).flatMap(([name, one]) => {
    const parsed = parseParameter(name, one);
    if (typeof parsed !== 'string') return [parsed];
    problems.push(`hyperparameters.${name}: ${parsed}`);
    return [];
  });
  if (Object.keys(spec.hyperparameters).length === 0) problems.push('hyperparameters: declare at least one');
  problems.push(...conditionProblems(parameters, Object.keys(spec.hyperparameters)));
  const { constants = {} } = spec;
  const constraints = (spec.constraints ?? []).flatMap((source, index) => {
    const parsed = parseConstraint(source, [...Object.keys(spec.hyperparameters), ...Object.keys(constants)]);
    if (typeof parsed !== 'string') return [parsed];
    problems.push(`constraints[${index}]: ${parsed}`);
    return [];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const space = new SearchSpace(parameters, constraints, constants);
  const broken = space.violations(space.defaults());
  if (broken.length > 0)
    throw new Error(`hyperparameters: the defaults are not a valid configuration: ${broken.join('; ')}`);
  return space;
}

/** `declared` are all names, in order: a condition on one that is itself at fault is not judged. */
function conditionProblems(parameters: readonly Hyperparameter[], declared: readonly string[]): string[] {
  return parameters.flatMap((parameter, index) =>
    Object.entries(parameter.when ?? {}).flatMap(([name, accepted]) => {
      const at = `hyperparameters.${parameter.name}.when`;
      const earlier = parameters.slice(0, index);
      const parent = earlier.find((each) => each.name === name);
      if (parent === undefined) {
        if (!declared.includes(name))
          return [`${at}: "${name}" is not a hyperparameter (${didYouMean(name, declared)})`];
        const isLater = declared.indexOf(name) >= declared.indexOf(parameter.name);
        return isLater ? [`${at}: declare "${name}" before "${parameter.name}"`] : [];
      }
      return accepted.flatMap((value) => {
        const wrong = violationOf(parent, value);
        return wrong === undefined ? [] : [`${at}: ${wrong}`];
      });
    }),
  );
}

function parseConstraint(source: string, names: readonly string[]): Expression | string {
  try {
    const expression = parseExpression(source);
    const unknown = expression.names.find((name) => !names.includes(name));
    if (unknown !== undefined) return `"${unknown}" is not a hyperparameter (${didYouMean(unknown, names)})`;
    return expression;
  } catch (error) {
    return messageOf(error);
  }
}

function describeCondition(when: Condition): string {
  return Object.entries(when)
    .map(([name, values]) => `${name} is ${values.map((value) => JSON.stringify(value)).join(' or ')}`)
    .join(' and ');
}
