import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

/** Sets the title, colours what follows, and runs backwards. */
const NASTY = 'evil\u001b]0;owned\u0007\u001b[31m\u009b31m\u202egpj.exe';
const inYaml = JSON.stringify(NASTY).replaceAll('\u009b', '\\u009b');

/** What nobody has confirmed yet, or ever will: each fails, and its error quotes the folder’s own words. */
test.each([
  { what: 'a key of task.yaml', add: `${inYaml}: 1\n`, words: ['check', 'mine'] },
  { what: 'a key, in tune', add: `${inYaml}: 1\n`, words: ['tune', 'mine', ...QUICK] },
  { what: 'environment.python', add: `environment: { python: ${inYaml} }\n`, words: ['tune', 'mine', ...QUICK] },
  { what: 'a profile’s key', add: `profiles: { quick: { ${inYaml}: 2 } }\n`, words: ['tune', 'mine', ...QUICK] },
  {
    what: 'the output of data.prepare',
    add: 'data: { prepare: get.py }\n',
    words: ['tune', 'mine', ...QUICK],
  },
])('$what cannot act on the terminal through the error that quotes it', async ({ add, words }) => {
  const workplace = new Workplace();
  const task = workplace.task('print("METRIC loss=1")\n', (yaml) => yaml + add);
  writeFileSync(join(task, 'get.py'), `import sys\nsys.exit(${inYaml.replaceAll('\\u009b', '\\x9b')})\n`);
  const { code, stdout, stderr } = await workplace.run(words);
  const output = stdout + stderr;
  expect(code).toBe(2);
  expect(output).toContain('evil');
  expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f]/);
});

test('nor through the name of a folder that is not there', async () => {
  const workplace = new Workplace();
  const { stderr } = await workplace.run(['tune', NASTY]);
  expect(stderr).toMatch(/error \[task-not-found\] "evil/);
  expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
});
