/** JSON for a model to read: numbers to six significant digits, since the seventh costs tokens and tells nothing. */
export function toShortJson(value: unknown, digits?: number): string {
  return JSON.stringify(value, (_, each: unknown) => shortNumber(each, digits));
}

/** A number to six significant digits (or `digits`); anything else, and a whole number, as it is. */
export function shortNumber(value: unknown, digits = 6): unknown {
  return typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
    ? Number(value.toPrecision(digits))
    : value;
}
