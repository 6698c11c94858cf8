import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findStudy, studyPaths } from '../../study/study-folder.ts';
import { aFolder } from './maker.ts';

test('the latest of two studies that began in the same second is the one that began later, whatever its words', () => {
  const out = aFolder();
  const begun = (id: string, atSeconds: number) => {
    const folder = join(out, 'mine', id);
    mkdirSync(folder, { recursive: true });
    for (const file of [studyPaths(folder).log, studyPaths(folder).settings]) writeFileSync(file, '');
    utimesSync(studyPaths(folder).settings, atSeconds, atSeconds);
    return folder;
  };
  const later = begun('2026-11-21T09-30-12-amber-crane', 1000.9);
  begun('2026-11-21T09-30-12-vivid-ibis', 1000.1);
  begun('2026-11-21T09-30-11-wise-wren', 2000);
  expect(findStudy('latest', out, out)).toBe(later);
});
