import { type Hyperparameter, isNumeric, valuesOf } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';

interface ValueSchema {
  readonly type: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

export interface SpaceSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ValueSchema>>;
  /** The hyperparameters without a condition. */
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** `bounded`: ranges and choices. `free`: types and choices, for an ablation in which no range is told. */
export type ToldSpace = 'bounded' | 'free';

/**
 * A space as the JSON schema of a tool’s argument, so that a server that holds a model to its schema lets through few values
 * that would be refused. A hint, not our check: steps, conditions and constraints stand in the prompt’s task alone, choices
 * that are no strings in words.
 */
export function spaceToJsonSchema(space: SearchSpace, told: ToldSpace): SpaceSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(space.parameters.map((parameter) => [parameter.name, schemaOf(parameter, told)])),
    required: space.parameters.filter((parameter) => parameter.when === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf(parameter: Hyperparameter, told: ToldSpace): ValueSchema {
  if (isNumeric(parameter)) {
    const type = parameter.type === 'int' ? 'integer' : 'number';
    return told === 'free' ? { type } : { type, minimum: parameter.low, maximum: parameter.high };
  }
  if (parameter.type === 'boolean') return { type: 'boolean' };
  const values = valuesOf(parameter) ?? [];
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  const [type] = types;
  if (type === undefined || types.length > 1) return { type: types };
  // Gemini refuses the whole request for an enumeration of anything but strings.
  if (type === 'string') return { type, enum: values.map(String) };
  return { type, description: `One of ${values.join(', ')}.` };
}
