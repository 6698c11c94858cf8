import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, systemCodeOf } from '../study/errors.ts';
import type { Context } from './context.ts';
import type { StudyRecord } from './study-record.ts';
import { stateFolder } from './trusted-folders.ts';

/**
 * Whether this user began the study, or has confirmed it, as its study.yaml is now. That file says which program runs
 * and which server is asked: one that came with a repository is a stranger’s word.
 */
export function isKnownStudy(context: Context, record: StudyRecord): boolean {
  return existsSync(markOf(context, record));
}

/** From now on the study is known. A mark that cannot be written costs a question at the next resume, which is said. */
export function rememberStudy(context: Context, record: StudyRecord, say: (line: string) => void): void {
  const mark = markOf(context, record);
  try {
    mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
    writeFileSync(mark, '', { mode: 0o600 });
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    say(`That this study is yours could not be noted (${messageOf(error)}): resume will ask.`);
  }
}

/** An empty file, its name the hash of all that decides what runs and who is asked. */
function markOf(context: Context, { study, created, task, python, base_url, ...others }: StudyRecord): string {
  const { folder, profile, set } = task;
  const models = Object.entries(others).filter(([name]) => /^(fallback_)?models?$/.test(name));
  const decisive = [study, created, folder, profile, set, python, base_url, models];
  const hash = createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
  return join(stateFolder(context), 'studies', hash);
}
