import { printable } from '../study/printable.ts';

/** Only the end of an output is ever searched, whatever its length. */
const SEARCHED_CHARACTERS = 256 * 1024;
const LONGEST_LINE = 500;
const LONGEST_TAIL = 2_000;
const LINES_WITHOUT_TRACEBACK = 20;
/** An exception’s message may run over several lines. */
const LINES_AFTER_EXCEPTION = 10;

/** `ValueError: …` or `torch.cuda.OutOfMemoryError: …` at the start of a line, or a bare `KeyboardInterrupt`. */
const EXCEPTION_LINE =
  /^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Warning|Timeout|Stop)\b(?::|$)/;
/** What stands unindented right after the frames of a traceback is the exception, whatever its class is called. */
const ANY_EXCEPTION_LINE = /^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?::\s|$)/;

export interface OutputEnd {
  /** The line that names the exception; undefined when the output does not end in one. */
  readonly exception: string | undefined;
  /** The last line with anything on it; empty when there is none. */
  readonly lastLine: string;
  /** The last traceback, else the last lines; printable, at most 2,000 characters, cut at its beginning. */
  readonly tail: string;
}

/** What a training said last. Takes the same time for 100 MB as for 1 MB. */
export function readOutputEnd(output: string): OutputEnd {
  const lines = printable(output.slice(-SEARCHED_CHARACTERS).replaceAll(/\r(?!\n)/g, '\n'))
    .split('\n')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line.trimEnd()));
  while (lines.at(-1) === '') lines.pop();
  const start = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  const exceptionAt = findException(lines, start);
  const shown =
    start >= 0 && exceptionAt >= 0
      ? lines.slice(start, exceptionAt + 1 + LINES_AFTER_EXCEPTION)
      : lines.slice(-LINES_WITHOUT_TRACEBACK);
  return { exception: lines[exceptionAt], lastLine: lines.at(-1)?.trim() ?? '', tail: cutStart(shown.join('\n')) };
}

/** Index of the exception’s line, or -1. Without a traceback (a syntax error) only the last lines are considered. */
function findException(lines: readonly string[], tracebackStart: number): number {
  if (tracebackStart >= 0)
    return lines.findIndex((line, index) => index > tracebackStart && ANY_EXCEPTION_LINE.test(line));
  const index = lines.findLastIndex((line) => EXCEPTION_LINE.test(line));
  return index >= lines.length - LINES_WITHOUT_TRACEBACK ? index : -1;
}

function cutStart(text: string): string {
  return text.length > LONGEST_TAIL ? `…${text.slice(1 - LONGEST_TAIL)}` : text;
}
