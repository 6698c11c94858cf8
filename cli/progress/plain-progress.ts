import type { StudyEvent } from '../../study/events.ts';
import { createPainter, type Line } from '../terminal-text.ts';
import { epochSpans } from './epoch-words.ts';
import { eventLine } from './event-line.ts';
import { follow } from './follow.ts';
import { headLines } from './head-lines.ts';
import type { Progress, ProgressParts } from './progress.ts';

/** A long training shows a sign of life at most so often: a piped log is read later, not watched. */
const EPOCH_INTERVAL_MS = 30_000;

/** One line an event, for pipes, CI and people who prefer it. */
export class PlainProgress implements Progress {
  readonly #parts: ProgressParts;
  readonly #paint: (line: Line) => string;
  /** When something was last written, in milliseconds since 1970. */
  #writtenAt = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#paint = createPainter(parts.color);
    if (!parts.history.isEmpty) this.#head();
  }

  on(event: StudyEvent): void {
    follow(this.#parts.history, event);
    if (event.event === 'study-started') this.#head();
    const line = eventLine(event, this.#parts.history);
    if (line !== undefined) this.#write(line);
  }

  epoch(trial: number, row: Readonly<Record<string, number>>): void {
    if (this.#parts.now().getTime() - this.#writtenAt < EPOCH_INTERVAL_MS) return;
    this.#write([{ text: `trial ${trial}: ` }, ...epochSpans(row, this.#parts.history.objective.metric)]);
  }

  say(line: string): void {
    this.#write([{ text: line }]);
  }

  hold(): () => void {
    return () => undefined; // Lines are written one by one: a question simply stands among them.
  }

  stop(): void {
    // Nothing is held back and nothing was changed.
  }

  #head(): void {
    const { history, notes } = this.#parts;
    for (const line of headLines(history.start, notes)) this.#write(line);
  }

  #write(line: Line): void {
    this.#parts.stream.write(`${this.#paint(line)}\n`);
    this.#writtenAt = this.#parts.now().getTime();
  }
}
