import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskCopy } from './task-copy.ts';

const LOAD_EACH = `
import os, sys
import dataset
from data_files import DataNotFoundError
for shared in sys.argv[1:]:
    os.environ['AGENTHPO_DATA'] = shared
    try:
        dataset.load()
        print('accepted')
    except DataNotFoundError as error:
        print(error)
`;

/** What the task’s loader says of each content in the place of its table: one line each, from one process. */
export function sayingsOf(task: TaskCopy, name: string, file: string, contents: readonly string[]): string[] {
  const shared = contents.map((content, index) => {
    const place = join(task.folder, 'cases', `${index}`);
    mkdirSync(join(place, name), { recursive: true });
    writeFileSync(join(place, name, file), content, 'latin1');
    return place;
  });
  const { stdout, stderr } = task.python('-c', LOAD_EACH, ...shared);
  if (stderr !== '') throw new Error(stderr);
  return stdout.split('\n').filter((line) => line === 'accepted' || line.startsWith('Dataset not found'));
}
