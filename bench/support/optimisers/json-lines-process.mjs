import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const LAST_WORDS = 2000;

/** A child process that answers each JSON line on its stdin with one on its stdout, one question at a time. */
export class JsonLinesProcess {
  #child;
  #answers;
  #lastWords = '';

  constructor([program, ...parameters], { cwd, env }) {
    this.#child = spawn(program, parameters, { cwd, env, stdio: 'pipe' });
    this.#child.stderr.on('data', (chunk) => {
      this.#lastWords = `${this.#lastWords}${chunk}`.slice(-LAST_WORDS);
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.on('error', () => undefined); // A dead process is reported by the missing answer.
  }

  /** Throws, with what the process said last, when it ends instead of answering. */
  async ask(question) {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.#child.spawnfile} ended without an answer: ${this.#lastWords.trim()}`);
    return JSON.parse(value);
  }

  /** Lets the process end by itself, and waits for it. */
  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    this.#child.stdin.end();
    await ended;
  }
}
