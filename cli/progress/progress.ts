import type { StudyEvent } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import type { StudyListener } from '../../study/roles.ts';
import { LiveProgress } from './live-progress.ts';
import { PlainProgress } from './plain-progress.ts';

/** Shows a study while it runs, on stderr: a live view on a terminal, plain lines elsewhere. */
export interface Progress extends StudyListener {
  on(event: StudyEvent): void;
  /** A new row of a running trial’s training log. */
  epoch(trial: number, row: Readonly<Record<string, number>>): void;
  /** A line that is not about a trial (an environment being built, a warning). Never cut. */
  say(line: string): void;
  /** Leaves the terminal as it was found; everything still held back is written. May be called twice. */
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown };
  /** The terminal’s width now; asked anew for every frame. */
  readonly columns: () => number;
  /** A terminal that understands cursor movements (a TTY whose TERM is not `dumb`). */
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** Plain lines even on a terminal. */
  readonly plain: boolean;
  /** The study’s own history (a resumed study needs it); left out, one is kept here from the events. */
  readonly history?: History;
  readonly now?: () => Date;
}

/** What a renderer works with. */
export interface ProgressParts extends Omit<ProgressOptions, 'isTerminal' | 'plain' | 'history' | 'now'> {
  readonly history: History;
  readonly now: () => Date;
}

export function createProgress(options: ProgressOptions): Progress {
  const { history = new History(), now = () => new Date() } = options;
  const parts: ProgressParts = { ...options, history, now };
  return options.isTerminal && !options.plain ? new LiveProgress(parts) : new PlainProgress(parts);
}
