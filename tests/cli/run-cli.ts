import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aFolder } from '../study/maker.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user’s empty working directory, with a home of its own. */
export class Workplace {
  readonly folder = aFolder();

  /** Runs the built command line and waits for its end. */
  async run(args: readonly string[], environment: Record<string, string> = {}): Promise<CliRun> {
    const child = this.start(args, environment);
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, stdout: await stdout, stderr: await stderr };
  }

  start(args: readonly string[], environment: Record<string, string> = {}) {
    const { PATH = '' } = process.env;
    return spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: { PATH, HOME: join(this.folder, 'home'), CI: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** A task with one float `x` in [0, 1] (default 0.5) whose script is `script`. Answers its path. */
  task(script: string, changes: (taskYaml: string) => string = (yaml) => yaml): string {
    const folder = join(this.folder, 'mine');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'train.py'), script);
    chmodSync(join(folder, 'train.py'), 0o644);
    writeFileSync(join(folder, 'task.yaml'), changes(TASK));
    return folder;
  }
}

const TASK = `name: mine
description: A test.
objective: { metric: loss, direction: minimize }
hyperparameters:
  x: { type: float, range: [0.0, 1.0], default: 0.5 }
train: { script: train.py, args: "{x}" }
`;

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join('');
}

/** The flags of a study that is quick, asks nothing and uses no model. */
export const QUICK = ['--strategy', 'random', '--executor', 'direct', '--seed', '7', '--yes'];
