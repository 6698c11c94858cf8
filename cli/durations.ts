/** Seconds that something took, as a person says them: `<0.1s`, `0.4s`, `42s`, `5m 03s`, `2h 05m`, `3d 04h`. */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 0.05) return '<0.1s';
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  return inWholeSeconds(Math.round(seconds));
}

/** Seconds that are still running, as a clock shows them: `0s`, `42s`, `5m 03s`. */
export function formatElapsed(seconds: number): string {
  return inWholeSeconds(Math.max(0, Math.floor(seconds)));
}

/** A guess at seconds to come, no finer than it deserves: `less than 10s`, `about 40s`, `about 12m`, `about 2h 10m`. */
export function formatEstimate(seconds: number): string {
  if (seconds < 10) return 'less than 10s';
  if (seconds < 55) return `about ${10 * Math.round(seconds / 10)}s`;
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `about ${minutes}m`;
  return `about ${inWholeSeconds(600 * Math.round(minutes / 10))}`;
}

function inWholeSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return inTwo(seconds, 60, 'm', 1, 's');
  if (seconds < 86_400) return inTwo(seconds, 3_600, 'h', 60, 'm');
  return inTwo(seconds, 86_400, 'd', 3_600, 'h');
}

function inTwo(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)}${largeUnit} ${String(rest).padStart(2, '0')}${smallUnit}`;
}
