/** Escape sequences of terminals: CSI, OSC (ended by BEL or ST), DCS and its kin, and the two-byte ones. */
const ESCAPES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;

/**
 * What JSON leaves as it is and a terminal may act upon: C1 controls, line and paragraph separators, marks that reorder
 * or hide what stands beside them.
 */
export const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** C0 controls except newline and tab. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f]/g;

/**
 * What a model, a training script or a task file wrote, as harmless text: no colours, no cursor movement, no control
 * byte but newline and tab, nothing that runs backwards. Every line end becomes `\n`.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(ESCAPES, '')
    .replaceAll(CONTROLS, '')
    .replaceAll(UNSEEN, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/** The beginning of a text on one line, at most `length` characters, a cut marked by an ellipsis. */
export function excerpt(text: string, length: number): string {
  const line = printable(text.slice(0, 4 * length))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line;
}
