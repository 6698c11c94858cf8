import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

test.each(['000', '022'])(
  'with umask %s nobody else can look into a study, its parents, its log or its transcripts',
  (umask) => {
    const { folder } = new Workplace();
    const { PATH = '' } = process.env;
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, MAIN, 'tune', 'quadratic', ...QUICK, '--trials', '1'],
      { cwd: folder, env: { PATH, HOME: join(folder, 'home'), CI: 'true' }, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const task = join(folder, 'logs/quadratic');
    const study = join(task, readdirSync(task)[0] ?? '');
    const open = (path: string) => (statSync(path).mode & 0o077).toString(8);
    for (const path of [join(folder, 'logs'), task, study, join(study, 'trials'), join(study, 'trials/0001')])
      expect(open(path), path).toBe('0');
    for (const name of ['agent.log', 'experiment-log.jsonl', 'study.yaml'])
      expect(open(join(study, name)), name).toBe('0');
  },
);
