/** Lines of a helper program as a calm person would repeat them; see `pacedLines`. */
export interface PacedLines {
  readonly hear: (line: string) => void;
  /** Says what is still held back, if anything was said at all, and nothing afterwards. */
  readonly stop: () => void;
}

/** So many of the lines that came within one interval are passed on: the newest. */
const LINES_PER_INTERVAL = 3;

/**
 * Passes lines on once an interval, beginning one interval after the start: a program that is done by then is not
 * worth a word, and a progress bar that redraws itself ten times a second does not fill the screen.
 */
export function pacedLines(say: (line: string) => void, intervalMs = 1_000): PacedLines {
  let waiting: string[] = [];
  let hasSpoken = false;
  const flush = () => {
    for (const line of waiting) say(line);
    hasSpoken ||= waiting.length > 0;
    waiting = [];
  };
  const timer = setInterval(flush, intervalMs);
  return {
    hear: (line) => {
      waiting = [...waiting, line].slice(-LINES_PER_INTERVAL);
    },
    stop: () => {
      clearInterval(timer);
      if (hasSpoken) flush();
    },
  };
}
