import { type Hyperparameter, isNumeric, valuesOf } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';

interface ValueSchema {
  readonly type?: 'number' | 'integer' | 'boolean';
  readonly enum?: readonly unknown[];
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

/** The space as the JSON schema of a tool’s argument: a hint for the model (and for constrained decoding), not our check. */
export function spaceToJsonSchema(space: SearchSpace): SpaceSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(space.parameters.map((parameter) => [parameter.name, schemaOf(parameter)])),
    required: space.parameters.filter((parameter) => parameter.when === undefined).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf(parameter: Hyperparameter): ValueSchema {
  if (isNumeric(parameter))
    return {
      type: parameter.type === 'int' ? 'integer' : 'number',
      minimum: parameter.low,
      maximum: parameter.high,
      ...conditionNote(parameter),
    };
  if (parameter.type === 'boolean') return { type: 'boolean', ...conditionNote(parameter) };
  return { enum: valuesOf(parameter) ?? [], ...conditionNote(parameter) };
}

function conditionNote({ when }: Hyperparameter): { description?: string } {
  if (when === undefined) return {};
  const conditions = Object.entries(when).map(
    ([name, values]) => `${name} is ${values.map((v) => JSON.stringify(v)).join(' or ')}`,
  );
  return { description: `Only when ${conditions.join(' and ')}; otherwise leave it out.` };
}
