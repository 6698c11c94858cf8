import { existsSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';

/**
 * Whether `path` is an ordinary file that lies in `folder` itself. A training may leave anything in its working copy: a
 * link there could show another trial’s value, or a private file to the model; a pipe would be waited for, for ever.
 */
export function isOwnFile(path: string, folder: string): boolean {
  return existsSync(path) && realpathSync(path).startsWith(realpathSync(folder) + sep) && statSync(path).isFile();
}
