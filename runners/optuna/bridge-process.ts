import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../study/errors.ts';
import { excerpt } from '../../study/printable.ts';
import { killGroup } from '../python-command.ts';

const BRIDGE = fileURLToPath(new URL('bridge.py', import.meta.url));

/** Everything that one process may say; a point is a few hundred bytes. */
const MOST_OUTPUT_BYTES = 4_000_000;
const LAST_WORDS = 4000;

/** bridge.py at work: it answers each line with a line. It ends with `end`, with the signal, and with this process. */
export class BridgeProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #output: Interface;
  readonly #lines: AsyncIterator<string>;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#kill();
  /** Why it was ended from here. */
  #stopped: string | undefined;
  #lastWords = '';

  constructor(interpreter: string, environment: Readonly<Record<string, string>>, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#signal = signal;
    // -I: neither the current directory nor PYTHONPATH can put another optuna in front of the one that was judged.
    this.#child = spawn(interpreter, ['-I', '-B', BRIDGE], {
      cwd: tmpdir(),
      env: { ...environment },
      stdio: 'pipe',
      // A group of its own: a launcher in front of the real Python ends with it.
      detached: true,
    });
    this.#output = createInterface({ input: this.#child.stdout });
    this.#lines = this.#output[Symbol.asyncIterator]();
    this.#listen();
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The line that answers `message`. Rejects with the reason of an abort, and with an Error that says how it failed. */
  async ask(message: object, limitSeconds: number): Promise<string> {
    const limit = setTimeout(() => this.#stop(`gave no answer within ${limitSeconds} s`), limitSeconds * 1000);
    try {
      this.#child.stdin.write(`${JSON.stringify(message)}\n`);
      const { value, done } = await this.#lines.next();
      this.#signal.throwIfAborted();
      if (this.#stopped !== undefined) throw new Error(this.#stopped);
      if (done !== true) return value;
      await this.end();
      // Its last words may still be on their way.
      if (!this.#child.stderr.closed) await once(this.#child.stderr, 'close');
      throw new Error(`ended without an answer${this.#lastLine()}`);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Resolves once it is gone. */
  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    const { pid, exitCode, signalCode } = this.#child;
    // No pid: it could not be started.
    const isGone = pid === undefined || exitCode !== null || signalCode !== null;
    const gone = isGone ? undefined : once(this.#child, 'exit');
    this.#kill();
    await gone;
  }

  /** Whatever it is busy with; nothing that it says is heard any more. */
  #kill(): void {
    killGroup(this.#child.pid, 'SIGKILL');
    this.#output.close();
    this.#child.stdout.destroy();
  }

  #listen(): void {
    let saidBytes = 0;
    this.#child.stdout.on('data', (chunk: Buffer) => {
      saidBytes += chunk.length;
      if (saidBytes > MOST_OUTPUT_BYTES) this.#stop(`wrote more than ${MOST_OUTPUT_BYTES / 1e6} MB`);
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-LAST_WORDS);
    });
    this.#child.on('error', (error) => {
      this.#lastWords = messageOf(error);
    });
    // Writing to a process that is gone: told by the answer that does not come.
    this.#child.stdin.on('error', () => undefined);
  }

  #stop(reason: string): void {
    this.#stopped ??= reason;
    this.#kill();
  }

  #lastLine(): string {
    const line = excerpt(this.#lastWords.trim().split('\n').at(-1) ?? '', 500);
    return line === '' ? '' : `: ${line}`;
  }
}
