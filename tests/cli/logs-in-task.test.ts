import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

test('studies kept in the task’s own folder are no part of it: neither copied into trials nor code that changed', async () => {
  const workplace = new Workplace();
  const task = workplace.task('import sys\nprint(f"METRIC loss={(float(sys.argv[1]) - 0.3) ** 2}")\n');
  const out = ['--out', join(task, 'logs')];
  const tuned = await workplace.run(['tune', task, ...QUICK, '--trials', '2', ...out]);
  expect(tuned.code, tuned.stderr).toBe(0);
  const report = /^Report: (mine\/logs\/mine\/\S+)$/m.exec(tuned.stdout)?.[1] ?? '';
  const study = join(workplace.folder, report, '..');
  expect(existsSync(join(study, 'trials/0002/train.py'))).toBe(true);
  expect(existsSync(join(study, 'trials/0002/logs'))).toBe(false);
  const resumed = await workplace.run(['resume', 'latest', '--trials', '3', ...out]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(existsSync(join(study, 'trials/0003/train.py'))).toBe(true);
});
