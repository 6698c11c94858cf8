/** Four significant digits, without trailing zeros; whole numbers up to a million in full: `0.003162`, `2e-7`, `128`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) return tidyExponent(value.toExponential(3));
  return size >= 1e4 || Number.isInteger(value) ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

/** Four significant digits with their zeros, so that a column of measurements lines up: `0.3120`, `12.00`. */
export function formatMeasure(value: number): string {
  const size = Math.abs(value);
  const isOrdinary = Number.isFinite(value) && size >= 1e-4 && size < 1e4;
  return isOrdinary ? value.toPrecision(4) : formatNumber(value);
}

/** A count that may grow large, in three digits or so: `980`, `14.2k`, `60k`, `3.1M`. */
export function formatCount(count: number): string {
  if (count < 1_000) return String(count);
  const [size, unit] = count < 999_500 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${Number(size.toFixed(size < 99.95 ? 1 : 0))}${unit}`;
}

/** Money in US dollars; small sums keep two significant digits. */
export function formatDollars(dollars: number): string {
  if (dollars === 0 || dollars >= 0.1) return `$${dollars.toFixed(2)}`;
  return `$${Number(dollars.toPrecision(2))}`;
}

function tidyExponent(written: string): string {
  return written.replace(/\.?0+e/, 'e').replace('e+', 'e');
}
