import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../study/errors.ts';
import { excerpt } from '../../study/printable.ts';

const BRIDGE = fileURLToPath(new URL('bridge.py', import.meta.url));

/** Everything that one process may say; a point is a few hundred bytes. */
const MOST_OUTPUT_BYTES = 4_000_000;
const LAST_WORDS = 4000;

/** bridge.py at work: it answers each line with a line. It ends with `end`, with the signal, and with this process. */
export class BridgeProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #signal: AbortSignal;
  readonly #kill = () => this.#child.kill('SIGKILL');
  /** Why it was ended from here. */
  #stopped: string | undefined;
  #lastWords = '';

  constructor(interpreter: string, environment: Readonly<Record<string, string>>, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#signal = signal;
    // -I: neither the current directory nor PYTHONPATH can put another optuna in front of the one that was judged.
    this.#child = spawn(interpreter, ['-I', '-B', BRIDGE], { cwd: tmpdir(), env: { ...environment }, stdio: 'pipe' });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#listen();
    signal.addEventListener('abort', this.#kill, { once: true });
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
      throw new Error(`ended without an answer${this.#lastLine()}`);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Resolves once it is gone. */
  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#kill);
    const { pid, exitCode, signalCode } = this.#child;
    // No pid: it could not be started.
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#kill();
    await gone;
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
