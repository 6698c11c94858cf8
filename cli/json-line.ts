import { UNSEEN } from '../study/printable.ts';

/** One line of JSON for stdout that says exactly `data` and does nothing to a terminal. */
export function jsonLine(data: unknown): string {
  // Such characters stand inside of strings alone, where an escape means the same.
  return `${JSON.stringify(data).replaceAll(UNSEEN, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
