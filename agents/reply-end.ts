import type { AIMessage } from '@langchain/core/messages';

/** Each provider’s word for a reply that met a limit on its length. */
const CUT = ['length', 'max_tokens', 'MAX_TOKENS'];

/** Whether the server cut the reply off: what it holds, a tool call’s arguments above all, is not whole. */
export function isCutOff({ response_metadata: { finish_reason, stop_reason, finishReason } }: AIMessage): boolean {
  return [finish_reason, stop_reason, finishReason].some((reason) => CUT.includes(String(reason)));
}

/** What a model, or the filter before it, said instead of an answer; undefined when it did not decline. */
export function refusalIn({ additional_kwargs: { refusal }, response_metadata, text }: AIMessage): string | undefined {
  if (typeof refusal === 'string' && refusal !== '') return refusal;
  const isFiltered = response_metadata['finish_reason'] === 'content_filter' && text.trim() === '';
  return isFiltered ? 'the provider’s content filter held the reply back' : undefined;
}
