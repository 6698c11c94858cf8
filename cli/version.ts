import { readFileSync } from 'node:fs';

/** The package’s root, whether this runs from dist/ or from the sources. */
export const PACKAGE_ROOT = findRoot();

export const VERSION: string = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')).version;

function findRoot(): URL {
  const here = new URL('.', import.meta.url);
  return here.pathname.endsWith('/dist/cli/') ? new URL('../../', here) : new URL('../', here);
}
