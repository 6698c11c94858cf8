import type { Context } from './context.ts';
import { columnsOf } from './terminal-columns.ts';
import { wrapLine } from './terminal-text.ts';

/** Says lines on stderr: broken between words on a terminal, whole elsewhere and with `--plain`. */
export function createSay({ stderr }: Context, isPlain: boolean): (line: string) => void {
  return (line) => void stderr.write(`${wrapLine(line, columnsOf(stderr, isPlain)).join('\n')}\n`);
}
