type Body = Readonly<Record<string, unknown>>;

/**
 * Where a request’s body has what a server may refuse: in OpenAI’s chat completions (also Mistral’s and Groq’s), in Anthropic’s
 * messages, in Google’s contents, in Amazon’s Converse.
 */
export const REQUEST_PLACES = {
  temperature: ['temperature', 'generationConfig.temperature', 'inferenceConfig.temperature'],
  stop: ['stop', 'stop_sequences', 'generationConfig.stopSequences', 'inferenceConfig.stopSequences'],
  tools: ['tools', 'toolConfig.tools'],
  tool_choice: ['tool_choice', 'toolConfig.toolChoice'],
  parallel_tool_calls: ['parallel_tool_calls'],
  response_format: ['response_format'],
  seed: ['seed'],
  max_tokens: ['max_tokens'],
  max_completion_tokens: ['max_completion_tokens'],
} as const;

export type RequestField = keyof typeof REQUEST_PLACES;

export function hasField(body: Body, name: RequestField): boolean {
  return REQUEST_PLACES[name].some((place) => valueAt(body, place) !== undefined);
}

/** The body without the field, wherever it has it. */
export function withoutField(body: Body, name: RequestField): Body {
  return REQUEST_PLACES[name].reduce<Body>((rest, place) => withoutPlace(rest, place.split('.')), body);
}

function valueAt(body: Body, place: string): unknown {
  return place.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
}

function withoutPlace(body: Body, [key = '', ...deeper]: readonly string[]): Body {
  const { [key]: value, ...rest } = body;
  if (deeper.length === 0) return rest;
  return isObject(value) ? { ...body, [key]: withoutPlace(value, deeper) } : body;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
