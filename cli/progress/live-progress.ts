import type { StudyEvent } from '../../study/events.ts';
import { createPainter, fitLine, type Line, lineWidth, wrapSpans } from '../terminal-text.ts';
import { atProcessEnd } from './at-process-end.ts';
import { eventLine } from './event-line.ts';
import { follow } from './follow.ts';
import { headLines } from './head-lines.ts';
import { LiveArea } from './live-area.ts';
import { liveLines } from './live-lines.ts';
import type { Progress, ProgressParts } from './progress.ts';
import { rejectionLine, tableHeader, trialLines } from './trial-table.ts';

const FRAME_MS = 100;
const CLOCK_MS = 1_000;
const MIN_COLUMNS = 20;

/** A line that stays above the live area. It is cut to the terminal’s width, or goes on below when all of its words matter. */
interface Lasting {
  readonly line: Line;
  readonly isWhole: boolean;
}

/** The view on a terminal: finished trials as lasting lines, and below them a small area with what happens now. */
export class LiveProgress implements Progress {
  readonly #parts: ProgressParts;
  readonly #paint: (line: Line) => string;
  readonly #area: LiveArea;
  readonly #epochs = new Map<number, Readonly<Record<string, number>>>();
  #waiting: Lasting[] = [];
  #frame: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  #drawnAt = 0;
  #hasHead = false;
  #isHeld = false;
  #isStopped = false;
  readonly #releases: readonly (() => void)[];

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#paint = createPainter(parts.color);
    this.#area = new LiveArea(parts.stream, parts.size);
    // However the process ends, the cursor comes back and the lines of the last tenth of a second are written.
    this.#releases = [atProcessEnd(() => this.stop()), parts.onResize?.(() => this.#schedule()) ?? (() => undefined)];
    if (!parts.history.isEmpty) this.#head();
  }

  on(event: StudyEvent): void {
    const { history } = this.#parts;
    follow(history, event);
    if (event.event === 'study-started') this.#head();
    if (event.event === 'trial-finished' || event.event === 'proposal-rejected') this.#headTable();
    if (event.event === 'trial-finished') this.#epochs.delete(event.trial);
    this.#waiting.push(...lastingLines(event, this.#parts));
    if (!this.#isStopped) this.#clock ??= setInterval(() => this.#schedule(), CLOCK_MS).unref();
    this.#schedule();
  }

  epoch(trial: number, row: Readonly<Record<string, number>>): void {
    this.#epochs.set(trial, row);
    this.#schedule();
  }

  say(line: string): void {
    this.#waiting.push({ line: [{ text: line }], isWhole: true });
    this.#schedule();
  }

  hold(): () => void {
    clearTimeout(this.#frame);
    this.#frame = undefined;
    this.#isHeld = true;
    this.#area.close(this.#takeWaiting());
    return () => {
      this.#isHeld = false;
      this.#schedule();
    };
  }

  stop(): void {
    clearTimeout(this.#frame);
    clearInterval(this.#clock);
    for (const release of this.#releases) release();
    this.#isStopped = true;
    this.#area.close(this.#takeWaiting());
  }

  /** The study’s first lines. They are short, and a note or a path that is cut says nothing: each is shown whole. */
  #head(): void {
    const { history, notes } = this.#parts;
    this.#waiting.push(...headLines(history.start, notes).map((line) => ({ line, isWhole: true })));
    this.#schedule();
  }

  /** The table’s head, before its first row. */
  #headTable(): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    this.#waiting.push({ line: [], isWhole: false }, { line: tableHeader(this.#parts.history), isWhole: false });
  }

  #schedule(): void {
    if (this.#isStopped) this.stop();
    if (this.#frame !== undefined || this.#isStopped || this.#isHeld) return;
    const wait = Math.max(0, this.#drawnAt + FRAME_MS - performance.now());
    this.#frame = setTimeout(() => this.#draw(), wait).unref();
  }

  #draw(): void {
    this.#frame = undefined;
    this.#drawnAt = performance.now();
    const lasting = this.#takeWaiting();
    const { history, now } = this.#parts;
    const lines = liveLines({ history, now: now(), epochs: this.#epochs });
    const width = this.#usableColumns();
    const fitted = lines.map((line) => fitLine(line, width));
    this.#area.draw(
      lasting,
      fitted.map((line) => ({ text: this.#paint(line), columns: lineWidth(line) })),
    );
  }

  #takeWaiting(): string[] {
    const width = this.#usableColumns();
    const lines = this.#waiting;
    this.#waiting = [];
    return lines.flatMap(({ line, isWhole }) =>
      (isWhole ? wrapSpans(line, width) : [fitLine(line, width)]).map((each) => this.#paint(each)),
    );
  }

  /** One column stays free: a terminal holds a line that fills it exactly in a state of its own. */
  #usableColumns(): number {
    return Math.max(MIN_COLUMNS, this.#parts.size().columns) - 1;
  }
}

/** What an event leaves on the screen for good. Words are chosen now: the history moves on before the next frame. */
function lastingLines(event: StudyEvent, { history, size }: ProgressParts): Lasting[] {
  const whole = (line: Line): Lasting => ({ line, isWhole: true });
  const row = (line: Line): Lasting => ({ line, isWhole: false });
  switch (event.event) {
    case 'proposal-rejected':
      return [row(rejectionLine(event))];
    case 'trial-finished': {
      const trial = history.trial(event.trial);
      return trial === undefined ? [] : trialLines(trial, history, size().columns).map(row);
    }
    case 'study-resumed':
    case 'model-learned':
    case 'user-input':
      return [whole(eventLine(event, history) ?? [])];
    case 'study-paused':
    case 'study-finished':
      // The command says how the study ended; its words get some air.
      return [row([])];
    default:
      return [];
  }
}
