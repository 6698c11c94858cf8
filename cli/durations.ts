/** Seconds as a person says them: `0.4s`, `42s`, `5m 03s`, `2h 05m`, `3d 04h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3_600) return inTwo(whole, 60, 'm', 1, 's');
  if (whole < 86_400) return inTwo(whole, 3_600, 'h', 60, 'm');
  return inTwo(whole, 86_400, 'd', 3_600, 'h');
}

function inTwo(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)}${largeUnit} ${String(rest).padStart(2, '0')}${smallUnit}`;
}
