/**
 * What a model’s server may refuse of an ordinary request, by name, with what is done instead. Such a quirk is learned
 * from the first refusal, or set by the user, and holds for the rest of the study.
 */
export const MODEL_QUIRKS = {
  'no-temperature': 'takes no temperature: none is sent',
  'no-system-role': 'takes no system messages: their text leads the first user message',
  'no-tools': 'takes no tools: they are described and called in text (Thought / Action / Observation)',
  'no-tool-choice': 'takes no tool_choice: none is sent',
  'no-parallel-tool-calls': 'takes no parallel_tool_calls: none is sent',
  'no-response-format': 'takes no response_format: none is sent',
  'no-stop': 'takes no stop sequences: replies are cut here',
  'no-seed': 'takes no seed: none is sent',
  'no-max-tokens': 'takes no max_tokens: it is sent as max_completion_tokens, if that is taken',
  'no-max-completion-tokens': 'takes no max_completion_tokens: it is sent as max_tokens, if that is taken',
  'only-streams': 'answers only in a stream: one is asked for, and put together here',
  'wants-reasoning': 'asks for its earlier reasoning back: it is sent along (reasoning_content)',
} as const;

export type ModelQuirk = keyof typeof MODEL_QUIRKS;

export const MODEL_QUIRK_NAMES = Object.keys(MODEL_QUIRKS) as [ModelQuirk, ...ModelQuirk[]]; // the table’s own keys; it is not empty

/** How tools are offered: as the protocol has it, in text, or whichever the model turns out to take. */
export const TOOL_FORMS = ['auto', 'native', 'text'] as const;
export type ToolForm = (typeof TOOL_FORMS)[number];
