/**
 * A number as JSON and TOML have it; undefined for NaN and infinities, which no hyperparameter takes. A whole number is written with all its digits, which Python reads as an
 * int; as a float it gets a point (`1.0`) or keeps its exponent, which is a float to both.
 */
export function writeNumber(value: number, asFloat: boolean): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Object.is(value, -0)) return '-0.0';
  if (!Number.isInteger(value)) return String(value);
  if (!asFloat) return BigInt(value).toString();
  const text = String(value);
  return text.includes('e') ? text : `${text}.0`;
}
