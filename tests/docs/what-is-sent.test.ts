import { expect, test } from 'vitest';
import { DESCRIPTION_CHARACTERS, README_CHARACTERS } from '../../agents/task-blocks.ts';
import { MEMORY_CHARACTERS } from '../../study/memory.ts';
import { readDocument } from './document.ts';

test('the amounts that are said to be sent are those that the code keeps', () => {
  const document = readDocument('docs/what-is-sent.md');
  for (const limit of [DESCRIPTION_CHARACTERS, README_CHARACTERS, MEMORY_CHARACTERS])
    expect(document).toContain(`${limit.toLocaleString('en')} characters`);
});
