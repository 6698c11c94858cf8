const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** A number as Python, C or JavaScript print it (`0.5`, `1e-05`, `nan`, `-inf`, `Infinity`); undefined for anything else. */
export function parseNumber(written: string): number | undefined {
  const text = written.trim();
  if (DECIMAL.test(text)) return Number(text);
  const [, sign, word] = /^([-+]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
