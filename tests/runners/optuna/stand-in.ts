import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aVirtualEnvironment, installed } from '../python-makers.ts';

const STAND_IN = fileURLToPath(new URL('../../fixtures/optuna-stand-in/optuna', import.meta.url));

export type Mode = 'well' | 'prints' | 'repeats' | 'raises' | 'dies' | 'hangs';

/** A study as the stand-in was told it. */
export interface Told {
  readonly sampler: string;
  readonly seed: number;
  readonly trials: readonly { params: Record<string, number>; state: string; value: number | null }[];
}

/** A virtual environment in which a stand-in for Optuna and cmaes is installed. */
export class PythonWithOptuna {
  readonly interpreter: string;
  readonly folder: string;
  readonly #library: string;

  constructor(folder: string) {
    this.folder = folder;
    aVirtualEnvironment(folder);
    installed(folder, 'optuna', '5.0.0');
    installed(folder, 'cmaes', '0.13.1');
    const [versioned = ''] = readdirSync(join(folder, 'lib'));
    this.#library = join(folder, 'lib', versioned, 'site-packages');
    cpSync(STAND_IN, join(this.#library, 'optuna'), { recursive: true });
    this.interpreter = join(folder, 'bin/python');
  }

  behave(mode: Mode): void {
    writeFileSync(join(this.#library, 'mode.txt'), mode);
  }

  /** Every study that it was told, oldest first. */
  told(): Told[] {
    const lines = readFileSync(join(this.#library, 'told.jsonl'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  }
}
