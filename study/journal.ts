import type { EventBody, StudyEvent } from './events.ts';
import { ExperimentLog } from './experiment-log.ts';
import { History } from './history.ts';
import type { StudyListener } from './roles.ts';

export interface JournalOptions {
  readonly listeners?: readonly StudyListener[];
  /** Told when a listener throws; the study goes on. */
  readonly onListenerError?: (error: unknown) => void;
  readonly now?: () => Date;
}

/** A study’s log and its history, kept in step: what is recorded is on disk, then in the history, then told to listeners. */
export class Journal {
  readonly history = new History();
  /** A torn last line that was found and cut off on opening. */
  readonly torn: string | undefined;
  readonly #log: ExperimentLog;
  readonly #listeners: StudyListener[];
  readonly #onListenerError: (error: unknown) => void;
  readonly #now: () => Date;

  /** Opens the log of a study whose lock the caller holds, and replays it. */
  constructor(file: string, { listeners = [], onListenerError, now = () => new Date() }: JournalOptions = {}) {
    const { log, contents } = ExperimentLog.open(file, now);
    this.#log = log;
    this.#now = now;
    this.torn = contents.torn;
    this.#listeners = [...listeners];
    this.#onListenerError = onListenerError ?? (() => undefined);
    for (const event of contents.events) this.history.apply(event);
  }

  /** Now, by the journal’s clock. */
  now(): Date {
    return this.#now();
  }

  listen(listener: StudyListener): void {
    this.#listeners.push(listener);
  }

  /** Records events together. On return they are on disk. Throws `log-write-failed`, and then none of them counts. */
  record(...bodies: EventBody[]): void {
    for (const event of this.#log.append(bodies)) {
      this.history.apply(event);
      for (const listener of this.#listeners) this.#tell(listener, event);
    }
  }

  close(): void {
    this.#log.close();
  }

  #tell(listener: StudyListener, event: StudyEvent): void {
    try {
      listener.on(event);
    } catch (error) {
      this.#onListenerError(error);
    }
  }
}
