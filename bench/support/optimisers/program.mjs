import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS, ROOT } from '../workplace.mjs';

/**
 * The built program as it is now, copied so that a build in the middle of a comparison changes nothing. Answers the copy’s
 * folder and the hash that names this version of it.
 */
export function snapshotProgram() {
  const hash = createHash('sha256');
  const dist = join(ROOT, 'dist');
  for (const path of readdirSync(dist, { recursive: true }).sort())
    if (/\.(js|md|yaml|sh)$/.test(path)) hash.update(path).update(readFileSync(join(dist, path)));
  const version = hash.digest('hex').slice(0, 12);
  const copy = join(RESULTS, `program-${version}`);
  if (!existsSync(join(copy, 'package.json'))) {
    cpSync(dist, join(copy, 'dist'), { recursive: true });
    // Last: the copy is whole when it is there.
    cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  }
  return { version, folder: join(copy, 'dist') };
}
