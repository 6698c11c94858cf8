/** JSON for a model to read: numbers to six significant digits, since the seventh costs tokens and tells nothing. */
export function toShortJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => shortNumber(each));
}

/** A number to six significant digits; anything else, and a whole number, as it is. */
export function shortNumber(value: unknown): unknown {
  return typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
    ? Number(value.toPrecision(6))
    : value;
}
