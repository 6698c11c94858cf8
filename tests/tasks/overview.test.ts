import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadTask } from '../../study/load-task.ts';

const tasks = join(import.meta.dirname, '..', '..', 'tasks');
const folders = readdirSync(tasks, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** The rows of the tables of tasks/README.md, their cells by the task they link to. */
const rows = new Map(
  readFileSync(join(tasks, 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, cells] = /^\| \[([^\]]+)\]\(\1\) \| (.*) \|$/.exec(line) ?? [];
      return name === undefined || cells === undefined ? [] : [[name, cells.split(' | ')] as const];
    }),
);

test('tasks/README.md has a row for each folder, and no other', () => {
  expect([...rows.keys()].toSorted()).toEqual(folders.toSorted());
});

test.each(folders)('its row of %s has the task’s metric, direction and command', (name) => {
  const { objective, title, data, dataset } = loadTask(join(tasks, name));
  const [what, told, judged, time, command] = rows.get(name) ?? [];
  expect(title).not.toBe(name);
  expect(what).toBeTruthy();
  expect(told === 'none').toBe(data === undefined && dataset === undefined);
  expect(judged).toBe(`\`${objective.metric}\`, ${objective.direction}`);
  expect(time).toMatch(/^[\d.]+(–\d+)? s$/);
  expect(command).toBe(`\`agenthpo tune tasks/${name}\``);
});
