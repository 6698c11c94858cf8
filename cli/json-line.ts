/** What JSON leaves as it is and a terminal may act upon: C1 controls, and marks that reorder or hide what stands beside them. */
const NOT_PLAIN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** One line of JSON for stdout that says exactly `data` and does nothing to a terminal. */
export function jsonLine(data: unknown): string {
  // Such characters stand inside of strings alone, where an escape means the same.
  return `${JSON.stringify(data).replaceAll(NOT_PLAIN, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
