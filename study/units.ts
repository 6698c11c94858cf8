/** Seconds of `90s`, `5m`, `2h`, `1h30m`, `1.5h` or a bare number of seconds; undefined when it is none of these or not positive. */
export function parseDuration(written: string | number): number | undefined {
  const trimmed = String(written).trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return positive(Number(trimmed));
  if (!/^(\d+(\.\d+)?(d|h|m|s|ms))+$/.test(trimmed)) return undefined;
  const unit: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 };
  const parts = trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g);
  return positive(
    [...parts].reduce((sum, [, amount, name]) => sum + Number(amount) * (unit[name ?? ''] ?? Number.NaN), 0),
  );
}

/** Bytes of `500MB`, `4GiB`, `2G` (1024³) or a bare number of bytes; undefined when it is none of these or not positive. */
export function parseMemory(written: string | number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?b)?$/i.exec(String(written).trim());
  if (match === null) return undefined;
  const [, amount, prefix = '', suffix = 'i'] = match;
  const base = suffix.toLowerCase() === 'b' ? 1000 : 1024;
  return positive(Math.round(Number(amount) * base ** ' kmgt'.indexOf(prefix.toLowerCase() || ' ')));
}

function positive(value: number): number | undefined {
  return value > 0 ? value : undefined;
}
