/** JSON for a model to read: numbers to six significant digits, since the seventh costs tokens and tells nothing. */
export function toShortJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && Number.isFinite(each) && !Number.isInteger(each) ? Number(each.toPrecision(6)) : each,
  );
}
