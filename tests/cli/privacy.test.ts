import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const READS_CONFIG = 'x = float(open("config.yaml").read().split(":")[1])\nprint(f"METRIC loss={x}")\n';

test.each(['000', '022'])(
  'with umask %s nobody else can look into a study, its parents, its log or its transcripts',
  (umask) => {
    const workplace = new Workplace();
    const { folder } = workplace;
    const mine = workplace.task(READS_CONFIG, (yaml) => yaml.replace('args: "{x}"', 'config: config.yaml'));
    writeFileSync(join(mine, 'config.yaml'), 'x: 0.5\n');
    const { PATH = '' } = process.env;
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, MAIN, 'tune', 'mine', ...QUICK, '--trials', '4'],
      { cwd: folder, env: { PATH, HOME: join(folder, 'home'), CI: 'true' }, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const task = join(folder, 'logs/mine');
    const study = join(task, readdirSync(task)[0] ?? '');
    const open = (path: string) => (statSync(path).mode & 0o077).toString(8);
    const folders = ['', 'trials', 'trials/0001', 'plots'].map((name) => join(study, name));
    for (const path of [join(folder, 'logs'), task, ...folders]) expect(open(path), path).toBe('0');
    const plots = readdirSync(join(study, 'plots')).map((name) => join('plots', name));
    const written = ['report.md', 'report.html', 'best.patch', ...plots];
    for (const name of ['agent.log', 'experiment-log.jsonl', 'study.yaml', ...written])
      expect(open(join(study, name)), name).toBe('0');
  },
);
