import type { StudyEvent } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import type { StudyListener } from '../../study/roles.ts';
import type { StudyNotes } from './head-lines.ts';
import type { TerminalSize } from './live-area.ts';
import { LiveProgress } from './live-progress.ts';
import { PlainProgress } from './plain-progress.ts';

/** Shows a study while it runs, on stderr: a live view on a terminal, plain lines elsewhere. */
export interface Progress extends StudyListener {
  on(event: StudyEvent): void;
  /** A new row of a running trial’s training log. */
  epoch(trial: number, row: Readonly<Record<string, number>>): void;
  /** A line that is not about a trial (an environment being built, a warning). Never cut. */
  say(line: string): void;
  /** Leaves the terminal to somebody who asks a question, until the returned function is called. */
  hold(): () => void;
  /** Leaves the terminal as it was found; everything still held back is written. May be called twice. */
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown };
  /** The terminal’s size now; asked anew for every frame. */
  readonly size: () => TerminalSize;
  /** Calls back whenever the terminal’s size changes, until the returned function is called. */
  readonly onResize?: (changed: () => void) => () => void;
  /** A terminal that understands cursor movements (a TTY whose TERM is not `dumb`). */
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** Plain lines even on a terminal. */
  readonly plain: boolean;
  /** The study’s own history (a resumed study needs it); left out, one is kept here from the events. */
  readonly history?: History;
  readonly now?: () => Date;
  /** Said in the study’s head. */
  readonly notes?: StudyNotes;
}

/** What a renderer works with. */
export interface ProgressParts extends Omit<ProgressOptions, 'isTerminal' | 'plain' | 'history' | 'now' | 'notes'> {
  readonly history: History;
  readonly now: () => Date;
  readonly notes: StudyNotes;
}

export function createProgress(options: ProgressOptions): Progress {
  const { history = new History(), now = () => new Date(), notes = {} } = options;
  const parts: ProgressParts = { ...options, history, now, notes };
  return options.isTerminal && !options.plain ? new LiveProgress(parts) : new PlainProgress(parts);
}
