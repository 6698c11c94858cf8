import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findStudy, studyPaths } from '../../study/study-folder.ts';
import { aFolder } from './maker.ts';

test('the latest of two studies that began in the same second is the one that began later, whatever its words', () => {
  const out = aFolder();
  const begun = (id: string, at: string) => {
    const folder = join(out, 'mine', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(studyPaths(folder).log, `{"v":1,"seq":1,"at":"${at}","event":"study-started"}\n`);
    return folder;
  };
  const later = begun('2026-11-21T09-30-12-amber-crane', '2026-11-21T09:30:12.900Z');
  begun('2026-11-21T09-30-12-vivid-ibis', '2026-11-21T09:30:12.100Z');
  begun('2026-11-21T09-30-11-wise-wren', '2026-11-21T09:30:11.999Z');
  expect(findStudy('latest', out, out)).toBe(later);
});
