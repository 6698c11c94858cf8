import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { vi } from 'vitest';
import type { Workplace } from './run-cli.ts';

const PTY = fileURLToPath(new URL('../fixtures/run-in-pty.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface TerminalRequest {
  readonly workplace: Workplace;
  readonly args: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built command line in a real pty (python3’s), its bytes shown by a real terminal emulator (xterm.js). */
export class RealTerminal {
  /** Everything the program wrote, in the pieces in which it arrived. */
  readonly pieces: string[] = [];
  readonly #child;
  readonly #screen;
  readonly #exited: Promise<unknown[]>;

  constructor({ workplace, args, columns, rows, environment = {} }: TerminalRequest) {
    // A pty that knows no size: the emulator has the usual one.
    const size = { cols: columns || 80, rows: rows || 24 };
    this.#screen = new xterm.Terminal({ ...size, scrollback: 10_000, allowProposedApi: true });
    const { PATH = '' } = process.env;
    this.#child = spawn('python3', [PTY, String(columns), String(rows), process.execPath, MAIN, ...args], {
      cwd: workplace.folder,
      env: { PATH, HOME: join(workplace.folder, 'home'), TERM: 'xterm-256color', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      this.pieces.push(piece);
      this.#screen.write(piece);
    });
    this.#exited = once(this.#child, 'close');
  }

  /** Every line of scrollback and screen, wrapped ones joined, without spaces and empty lines at the end. */
  async lines(): Promise<string[]> {
    await new Promise<void>((written) => this.#screen.write('', written));
    const { active } = this.#screen.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped === true) lines.push((lines.pop() ?? '') + text);
      else lines.push(text);
    }
    return lines.join('\n').trimEnd().split('\n');
  }

  /** Waits until the terminal shows `words`. */
  async shows(words: string | RegExp): Promise<void> {
    await vi.waitFor(
      async () => {
        const text = (await this.lines()).join('\n');
        if (!(typeof words === 'string' ? text.includes(words) : words.test(text)))
          throw new Error(`the terminal does not show ${words}:\n${text}`);
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#child.stdin.write(`size ${columns} ${rows}\n`);
  }

  type(text: string): void {
    this.#child.stdin.write(`type ${Buffer.from(text).toString('hex')}\n`);
  }

  get isCursorVisible(): boolean {
    const written = this.pieces.join('');
    return written.lastIndexOf('\u001b[?25l') <= written.lastIndexOf('\u001b[?25h');
  }

  /** The exit code. */
  async ended(): Promise<number | null> {
    const [code] = await this.#exited;
    return typeof code === 'number' ? code : null;
  }
}
