import type { InstallerStep } from '../runners/installer-step.ts';
import type { Watch } from '../runners/virtual-environment-build.ts';
import type { Context } from './context.ts';
import { formatDuration, formatElapsed } from './durations.ts';
import { LiveArea } from './progress/live-area.ts';
import { canMoveCursor } from './progress-for.ts';
import { columnsOf } from './terminal-columns.ts';
import { truncate, widthOf, wrapLine } from './terminal-text.ts';

export interface WatchedInstallation {
  readonly context: Context;
  readonly isPlain: boolean;
  readonly say: (line: string) => void;
}

/**
 * Does `work`, which may build a Python environment, and shows it: one line that is drawn over and over on a terminal,
 * elsewhere a line for each large download; in the end how long it took.
 */
export async function watchInstallation<Built>(
  { context, isPlain, say }: WatchedInstallation,
  work: (watch: Watch) => Promise<Built>,
): Promise<Built> {
  const view = canMoveCursor(context) && !isPlain ? new LiveView(context) : new PlainView(say);
  let startedAt: number | undefined;
  const onStep = (step: InstallerStep) => {
    startedAt ??= performance.now();
    view.step(step, startedAt);
  };
  try {
    const built = await work({ onProgress: (line) => view.say(line), onStep, signal: context.signal });
    if (startedAt !== undefined) view.say(`Installed in ${formatDuration((performance.now() - startedAt) / 1000)}.`);
    return built;
  } finally {
    view.close();
  }
}

/** Smaller downloads are over before anybody wonders what takes so long. */
const LARGE_BYTES = 5_000_000;

/** For pipes and CI. */
class PlainView {
  readonly say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.say = say;
  }

  step({ words, sizeBytes = 0 }: InstallerStep): void {
    if (sizeBytes >= LARGE_BYTES) this.say(`  ${words}`);
  }

  close(): void {
    // Nothing is held back and nothing was changed.
  }
}

const CLOCK_MS = 1_000;

class LiveView {
  readonly #context: Context;
  readonly #area: LiveArea;
  #draw: () => void = () => undefined;
  #clock: NodeJS.Timeout | undefined;

  constructor(context: Context) {
    this.#context = context;
    const { stderr } = context;
    this.#area = new LiveArea(stderr, () => ({ columns: columnsOf(stderr), rows: stderr.rows || 24 }));
  }

  say(line: string): void {
    this.#area.draw(wrapLine(line, columnsOf(this.#context.stderr)), []);
    this.#draw = () => undefined;
  }

  step({ words }: InstallerStep, startedAt: number): void {
    this.#draw = () => {
      const elapsed = formatElapsed((performance.now() - startedAt) / 1000);
      const text = truncate(`Installing: ${words} … ${elapsed}`, columnsOf(this.#context.stderr) - 1);
      this.#area.draw([], [{ text, columns: widthOf(text) }]);
    };
    this.#clock ??= setInterval(() => this.#draw(), CLOCK_MS).unref();
    this.#draw();
  }

  close(): void {
    clearInterval(this.#clock);
    this.#area.close([]);
  }
}
