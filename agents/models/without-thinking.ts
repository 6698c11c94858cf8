/**
 * What a reply says beside the thinking that some models show of themselves: all from `<think>` to its end is left out,
 * also where the end is missing, and all before an end whose beginning is missing.
 */
export function withoutThinking(reply: string): string {
  const parts = reply.split(/<\/think(?:ing)?>/i).map(beforeThinking);
  const last = parts.length - 1;
  const begun = parts.findLastIndex(({ hasBegun }, index) => index < last && !hasBegun);
  return parts
    .slice(begun + 1)
    .map(({ said }) => said)
    .join('')
    .trim();
}

function beforeThinking(part: string): { readonly said: string; readonly hasBegun: boolean } {
  const start = part.search(/<think(?:ing)?>/i);
  return start === -1 ? { said: part, hasBegun: false } : { said: part.slice(0, start), hasBegun: true };
}
