import { type Hyperparameter, isNumeric, valuesOf } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';

interface ValueSchema {
  readonly type?: string | readonly string[];
}

export interface SpaceSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ValueSchema>>;
  /** The hyperparameters without a condition. */
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/**
 * The names and types of a space as the JSON schema of a tool’s argument: a hint for the model, not our check. Ranges,
 * choices and conditions stand in the prompt’s task, once; saying them twice costs tokens in every request.
 */
export function spaceToJsonSchema(space: SearchSpace): SpaceSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(space.parameters.map((parameter) => [parameter.name, { type: typeOf(parameter) }])),
    required: space.parameters.filter((parameter) => parameter.when === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

function typeOf(parameter: Hyperparameter): string | readonly string[] {
  if (isNumeric(parameter)) return parameter.type === 'int' ? 'integer' : 'number';
  const types = [...new Set((valuesOf(parameter) ?? []).map((value) => (value === null ? 'null' : typeof value)))];
  const [only] = types;
  return types.length === 1 && only !== undefined ? only : types;
}
