/** A stream that may be a terminal’s. */
type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** The columns in which prose is wrapped: a terminal’s. Elsewhere, and with `--plain`, every line stays whole. */
export function columnsOf(stream: TerminalStream, isPlain = false): number {
  if (isPlain || stream.isTTY !== true) return Number.POSITIVE_INFINITY;
  // A terminal that does not know its size says 0.
  return stream.columns || 80;
}
