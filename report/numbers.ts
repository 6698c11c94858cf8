/** Numbers as people read them. Exact values stand in the report’s configuration block, never here. */

/** Four significant digits (whole numbers are never rounded below a million): `0.1235`, `0.000302`, `12.3`, `1.234e-5`, `123,456`. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinity' : '-infinity';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return grouped(String(value));
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e6) return trimExponent(value.toExponential(digits - 1));
  return grouped(trimZeros(magnitude >= 10 ** digits ? value.toFixed(0) : value.toPrecision(digits)));
}

/** Two values with as many digits (4 to 8) as it takes to tell them apart. */
export function formatPair(a: number, b: number): readonly [string, string] {
  for (let digits = 4; digits < 8; digits++) {
    const left = formatNumber(a, digits);
    const right = formatNumber(b, digits);
    if (left !== right || a === b) return [left, right];
  }
  return [formatNumber(a, 8), formatNumber(b, 8)];
}

/** A share of one as a percentage: `38 %`, `3.2 %`, `0.05 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const magnitude = Math.abs(percent);
  return `${magnitude >= 10 || percent === 0 ? percent.toFixed(0) : formatNumber(percent, 2)} %`;
}

/** `0.8 s`, `48 s`, `12 min 5 s`, `3 h 20 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${formatNumber(Math.round(seconds * 100) / 100, 2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined([`${Math.floor(whole / 60)} min`, `${whole % 60} s`], whole % 60);
  const minutes = Math.round(whole / 60);
  return joined([`${Math.floor(minutes / 60)} h`, `${minutes % 60} min`], minutes % 60);
}

/** `3 trials`, `1 trial`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(String(count))} ${count === 1 ? singular : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function joined(parts: readonly [string, string], rest: number): string {
  return rest === 0 ? parts[0] : parts.join(' ');
}

function grouped(written: string): string {
  const [whole = '', fraction] = written.split('.');
  const separated = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

function trimZeros(written: string): string {
  return written.includes('.') ? written.replace(/\.?0+$/, '') : written;
}

/** `1.000e-5` → `1e-5`, `1.230e+6` → `1.23e6`. */
function trimExponent(written: string): string {
  const [mantissa = '', exponent = ''] = written.split('e');
  return `${trimZeros(mantissa)}e${exponent.replace('+', '')}`;
}
