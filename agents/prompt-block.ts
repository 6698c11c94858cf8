/**
 * Data inside a prompt: a fenced JSON block that names itself. Every string in it is escaped JSON on a line that begins
 * with a quote or a bracket, so no content can close the fence or pass for the prompt’s own words.
 */
export function toPromptBlock(name: string, content: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries({ block: name, ...content })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${toJson(value)}`);
  return ['```json', '{', lines.join(',\n'), '}', '```'].join('\n');
}

/** Lists of lists or objects with one element a line, everything else compact: short, and still readable in a diff. */
function toJson(value: unknown): string {
  if (!Array.isArray(value) || !value.some((each) => typeof each === 'object' && each !== null))
    return JSON.stringify(value);
  return `[\n${value.map((each) => JSON.stringify(each)).join(',\n')}\n]`;
}

/** The blocks of a text, by name; what is not JSON or has no name is left out. */
export function parsePromptBlocks(text: string): Map<string, Record<string, unknown>> {
  const blocks = new Map<string, Record<string, unknown>>();
  for (const [, body] of text.matchAll(/^```json\n([\s\S]*?)\n```$/gm)) {
    const parsed: unknown = JSON.parse(body ?? '');
    if (typeof parsed !== 'object' || parsed === null) continue;
    const block = { ...parsed } as Record<string, unknown>; // an object, by the line above
    if (typeof block['block'] === 'string') blocks.set(block['block'], block);
  }
  return blocks;
}
