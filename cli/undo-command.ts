import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATCH_FILE, withoutPatch } from '../report/config-diff.ts';
import { shellWords } from '../study/shell-words.ts';

interface UndoRequest {
  /** The config file, where the winner’s values may have been written. */
  readonly file: string;
  /** The study’s folder, where its patch lies. */
  readonly folder: string;
  /** Whether a text is the file’s content of before. */
  readonly isAsBefore: (text: string) => boolean;
}

/** The command that takes the winner’s patch back; undefined when that would not restore the file. */
export function undoCommand({ file, folder, isAsBefore }: UndoRequest): string | undefined {
  const patch = join(folder, PATCH_FILE);
  if (!existsSync(file) || !existsSync(patch)) return undefined;
  const restored = withoutPatch(readFileSync(file, 'utf8'), readFileSync(patch, 'utf8'));
  return restored !== undefined && isAsBefore(restored) ? shellWords(['patch', '-R', file, patch]) : undefined;
}
