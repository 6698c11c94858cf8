import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editConfig } from '../../study/config-file.ts';

const tasks = join(import.meta.dirname, '..', '..', 'tasks');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of a text task that tests may train in, and how to. */
export interface TextTask {
  readonly folder: string;
  python(...args: string[]): Ended;
  /** Python statements, run in the folder. */
  run(code: string): Ended;
  /** Writes a file of the data set into data/ beside the script. */
  putData(name: string, content: string): void;
  train(config: Readonly<Record<string, string | number>>, ...args: string[]): Ended & { readonly log: string };
  remove(): void;
}

export function copyTextTask(name: string): TextTask {
  const folder = join(mkdtempSync(join(tmpdir(), `${name}-`)), 'task');
  cpSync(join(tasks, name), folder, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
  const env = {
    PATH: process.env['PATH'] ?? '',
    OMP_NUM_THREADS: '1',
    HF_HOME: join(folder, 'no-cache'),
    HF_HUB_OFFLINE: '1',
  };
  const python = (...args: string[]): Ended => spawnSync('python3', args, { cwd: folder, encoding: 'utf8', env });
  return {
    folder,
    python,
    run: (code) => python('-c', code),
    putData: (file, content) => {
      mkdirSync(join(folder, 'data'), { recursive: true });
      writeFileSync(join(folder, 'data', file), content);
    },
    train: (config, ...args) => {
      const path = join(folder, 'config.yaml');
      writeFileSync(path, editConfig(readFileSync(path, 'utf8'), path, config));
      const ended = python('train.py', ...args);
      const log = join(folder, 'train_log.jsonl');
      return { ...ended, log: existsSync(log) ? readFileSync(log, 'utf8') : '' };
    },
    remove: () => rmSync(join(folder, '..'), { recursive: true }),
  };
}

/** Whether python3 has these packages. */
export function hasPackages(...names: string[]): boolean {
  return spawnSync('python3', ['-c', `import ${names.join(', ')}`], { timeout: 120_000 }).status === 0;
}

/** A log without the seconds that things took. */
export function withoutTime(log: string): string {
  return log.replaceAll(/"seconds": [\d.e-]+/g, '');
}
