import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The folders that hold the program; everything in them is compiled and packed. */
export const ROOMS = ['agents', 'cli', 'configs', 'report', 'runners', 'samplers', 'study', 'tools', 'training'];

/** Folders with TypeScript that is checked but not packed. */
export const WORKSHOPS = ['bench', 'tests'];

/** All files under `root/folder`, relative to `root` with forward slashes, sorted; none when the folder is missing. */
export function filesUnder(root, folder = '.') {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.split('/').some((part) => part === '__pycache__' || part === 'node_modules'))
    .sort();
}
