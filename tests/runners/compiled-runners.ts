import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * A module of this repository and what it imports, compiled for a plain Node process that a test may kill; the types
 * are checked elsewhere. Answers the folder that holds the rooms.
 */
export function compiled(module: string, assets: readonly string[], folder: string): string {
  mkdirSync(folder, { recursive: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options = '--module nodenext --target es2023 --types node --rewriteRelativeImportExtensions --noCheck';
  execFileSync(process.execPath, [
    compiler,
    '--ignoreConfig',
    ...options.split(' '),
    '--rootDir',
    root,
    '--outDir',
    folder,
    join(root, module),
  ]);
  for (const asset of assets) cpSync(join(root, asset), join(folder, asset));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  return folder;
}
