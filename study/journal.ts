import type { EventBody, StudyEvent } from './events.ts';
import { ExperimentLog } from './experiment-log.ts';
import { History } from './history.ts';
import { createRedactor, type Redact } from './redact.ts';
import { redactEvent } from './redact-event.ts';
import type { StudyListener } from './roles.ts';

export interface JournalOptions {
  readonly listeners?: readonly StudyListener[];
  /** Told when a listener throws; the study goes on. */
  readonly onListenerError?: (error: unknown) => void;
  readonly now?: () => Date;
  /** Takes secrets out of what scripts and models said, before it is recorded. */
  readonly redact?: Redact;
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
  readonly #redact: Redact;

  /** Opens the log of a study whose lock the caller holds, and replays it. */
  constructor(
    file: string,
    { listeners = [], onListenerError, now = () => new Date(), redact = createRedactor([]) }: JournalOptions = {},
  ) {
    const { log, contents } = ExperimentLog.open(file, now);
    this.#log = log;
    this.#now = now;
    this.#redact = redact;
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
    for (const event of this.#log.append(bodies.map((body) => redactEvent(body, this.#redact)))) {
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
