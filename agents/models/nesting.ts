/** Levels of brackets in a tool’s arguments: no tool takes more than a few. */
export const DEEPEST_ARGUMENTS = 50;

/** Levels of brackets in a reply’s JSON. */
export const DEEPEST_REPLY = 1_000;

/**
 * Whether a text is nested more than `levels` deep: whatever calls itself for each level would run out of stack, which ends
 * the process. Linear. Brackets in quotes count too: a text of no sure form may not be quoted as it seems.
 */
export function isNestedBeyond(levels: number, text: string): boolean {
  let depth = 0;
  for (const character of text) {
    depth += levelsOf(character);
    if (depth > levels) return true;
  }
  return false;
}

/** The same of JSON, in which a quoted text is a value and no more, whatever it holds. */
export function isJsonNestedBeyond(levels: number, json: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charAt(index);
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted) depth += levelsOf(character);
    else if (character === '\\') index += 1;
    if (depth > levels) return true;
  }
  return false;
}

function levelsOf(character: string): number {
  if (character === '{' || character === '[') return 1;
  return character === '}' || character === ']' ? -1 : 0;
}
