import type { HyperparameterValue } from '../hyperparameter.ts';

export type QuoteStyle = 'plain' | 'single' | 'double';

/** Text that no YAML version reads as anything but this string, in any place of a document. */
const PLAIN_TEXT = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const RESERVED_WORD = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
/** What PyYAML refuses to see unescaped, besides what JSON escapes anyway. */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * A value as YAML 1.1 text that every reader takes for what it is: PyYAML reads `3e-4` and `1e-3` as strings and
 * `yes` as true, so floats carry a point and a signed exponent, and such strings carry quotes.
 */
export function writeYamlScalar(
  value: HyperparameterValue,
  style: { readonly quotes?: QuoteStyle; readonly asFloat?: boolean } = {},
): string {
  if (typeof value === 'number') return writeNumber(value, style.asFloat ?? false);
  if (typeof value === 'string') return writeString(value, style.quotes ?? 'plain');
  return String(value);
}

function writeNumber(value: number, asFloat: boolean): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  if (Object.is(value, -0)) return '-0.0';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) return writeExponent(value);
  return asFloat && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `1e-5` → `1.0e-05`, as Python’s own repr writes it but for the point that YAML 1.1 wants. */
function writeExponent(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const point = mantissa.includes('.') ? '' : '.0';
  return `${mantissa}${point}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

function writeString(text: string, quotes: QuoteStyle): string {
  if (quotes === 'plain' && PLAIN_TEXT.test(text) && !RESERVED_WORD.test(text)) return text;
  const needsEscapes = /[\x00-\x1f]/.test(text) || text.search(UNPRINTABLE) >= 0;
  if (quotes !== 'double' && !needsEscapes) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll(UNPRINTABLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
