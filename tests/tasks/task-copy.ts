import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { editConfig } from '../../study/config-file.ts';

const tasks = join(import.meta.dirname, '..', '..', 'tasks');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bundled task in a folder of its own, without its data. */
export interface TaskCopy {
  readonly folder: string;
  python(...args: string[]): Ended;
  /** Writes a file below data/ beside the script; a text in UTF-8. */
  putData(path: string, content: string | Buffer): void;
  /** One training with these values in config.yaml, and the log that it left ('' when there is none). */
  train(
    config: Readonly<Record<string, string | number | boolean>>,
    ...args: string[]
  ): Ended & { readonly log: string };
  remove(): void;
}

/** `variables` are added to the environment of whatever runs there. */
export function copyTask(name: string, variables: Readonly<Record<string, string>> = {}): TaskCopy {
  const scratch = mkdtempSync(join(tmpdir(), `${name}-`));
  const folder = join(scratch, 'task');
  cpSync(join(tasks, name), folder, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
  const env = { PATH: process.env['PATH'] ?? '', OMP_NUM_THREADS: '1', ...variables };
  const python = (...args: string[]): Ended => spawnSync('python3', args, { cwd: folder, encoding: 'utf8', env });
  return {
    folder,
    python,
    putData: (path, content) => {
      const file = join(folder, 'data', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    },
    train: (config, ...args) => {
      const path = join(folder, 'config.yaml');
      writeFileSync(path, editConfig(readFileSync(path, 'utf8'), path, config));
      const ended = python('train.py', ...args);
      const log = join(folder, 'train_log.jsonl');
      return { ...ended, log: existsSync(log) ? readFileSync(log, 'utf8') : '' };
    },
    remove: () => rmSync(scratch, { recursive: true }),
  };
}

/** Whether python3 has these packages. */
export function hasPackages(...names: string[]): boolean {
  return spawnSync('python3', ['-c', `import ${names.join(', ')}`], { timeout: 120_000 }).status === 0;
}

/** For tests that import PyTorch several times: on a busy machine each takes many seconds. */
export const SLOW_IMPORT = { timeout: 300_000 };
