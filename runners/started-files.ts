import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isWithin } from './sandbox.ts';

/**
 * A hash (hex), by path, of what runs from a task folder without being part of a working copy: the `named` files
 * (relative to the folder), Python in `data/` two levels deep, and what chooses the code of the virtual environments in
 * the folder: their interpreter, pyvenv.cfg, and the files that Python runs at its start. Not their packages.
 */
export function startedFiles(taskFolder: string, named: readonly string[]): Record<string, string> {
  const environments = ['.venv', 'venv', ...named.map((path) => dirname(dirname(path))), ...named].filter((path) =>
    existsSync(join(taskFolder, path, 'pyvenv.cfg')),
  );
  const paths = [...named, ...pythonIn(taskFolder), ...environments.flatMap((path) => startOf(taskFolder, path))];
  const inside = paths.filter((path) => isWithin(resolve(taskFolder, path), resolve(taskFolder)));
  return Object.fromEntries(inside.flatMap((path) => hashOf(taskFolder, path)));
}

/** Deeper, and in thousands of folders, lie the data themselves. */
function pythonIn(taskFolder: string): string[] {
  const data = join(taskFolder, 'data');
  if (!isFolder(data)) return [];
  const folders = ['data', ...readdirSync(data).map((name) => join('data', name))];
  return folders.flatMap((folder) => namesIn(taskFolder, folder).filter((path) => path.endsWith('.py')));
}

function startOf(taskFolder: string, environment: string): string[] {
  const programs = namesIn(taskFolder, join(environment, 'bin')).filter((path) => /\/python[\d.]*$/.test(path));
  const packages = namesIn(taskFolder, join(environment, 'lib'))
    .map((path) => join(path, 'site-packages'))
    .flatMap((path) => namesIn(taskFolder, path));
  const atStart = packages.filter((path) => /\.pth$|\/(?:site|user)customize\.py$/.test(path));
  return [join(environment, 'pyvenv.cfg'), ...programs, ...atStart];
}

/** A link is where it leads; within the folder also what is there. */
function hashOf(taskFolder: string, path: string): [string, string][] {
  const file = join(taskFolder, path);
  if (!existsSync(file) || !statSync(file).isFile()) return [];
  const isLink = lstatSync(file).isSymbolicLink();
  const isOwn = !isLink || isWithin(realpathSync(file), realpathSync(taskFolder));
  const hash = createHash('sha256');
  if (isLink) hash.update(readlinkSync(file));
  if (isOwn) hash.update(readFileSync(file));
  return [[relative(taskFolder, file), hash.digest('hex')]];
}

function namesIn(taskFolder: string, folder: string): string[] {
  const path = join(taskFolder, folder);
  return isFolder(path) ? readdirSync(path).map((name) => join(folder, name)) : [];
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
