const ESCAPE_SEQUENCE = /\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
const CONTROL_CHARACTER = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A training’s output as harmless text: no colours, no cursor movement, no control bytes but newline and tab. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(ESCAPE_SEQUENCE, '').replaceAll(CONTROL_CHARACTER, '');
}

/** The beginning of a text on one line, at most `length` characters. */
export function excerpt(text: string, length: number): string {
  const line = printable(text.slice(0, 4 * length))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
