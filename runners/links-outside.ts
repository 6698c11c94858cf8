import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemCodeOf } from '../study/errors.ts';
import { isWithin, PRIVATE } from './sandbox.ts';
import { taskFiles } from './task-files.ts';

/** Where links of the task folder lead outside of it, under the real names of what is there; none twice. */
export function linksOutside(taskFolder: string): string[] {
  const folder = realPath(taskFolder);
  const targets = taskFiles(taskFolder).flatMap((file) =>
    file.kind === 'link' ? [realPath(resolve(taskFolder, dirname(file.path), file.target))] : [],
  );
  return [...new Set(targets)].filter((path) => !isWithin(path, folder));
}

/** Of these, what a sandbox shows: files and folders, never the hidden part of the home (keys, tokens), sockets, or the places of running programs. */
export function shownLinks(taskFolder: string, home: string): string[] {
  const realHome = realPath(home);
  return linksOutside(taskFolder).filter(
    (path) => !holds(path, realHome) && !isHidden(path, realHome) && !isOfRunningPrograms(path) && isFileOrFolder(path),
  );
}

/** The real name of what is there; of what is not, the absolute one. */
export function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/** Whether a program lies in the folder, by its name or by where its own folder really is. */
export function isOfFolder(program: string, folder: string): boolean {
  return isWithin(program, resolve(folder)) || isWithin(realPath(dirname(program)), realPath(folder));
}

/** Whether all of the home would be seen through `path`; both real. */
export function holds(path: string, home: string): boolean {
  return isWithin(home, path);
}

function isHidden(path: string, home: string): boolean {
  return isWithin(path, home) && path.slice(home.length).includes('/.');
}

/** Sockets, pipes and devices lie there, through which a program outside would work for one inside. Disks are mounted in /run/media. */
function isOfRunningPrograms(path: string): boolean {
  if (isWithin(path, '/run/media')) return path === '/run/media';
  const isInside = ['/run', '/var/run', '/proc', '/dev'].some((place) => isWithin(path, place));
  return isInside || PRIVATE.some((place) => isWithin(place, path));
}

/** A read-only mount does not stop a connection: a folder with sockets in it, or right below, is not shown. */
function isFileOrFolder(path: string): boolean {
  if (!existsSync(path)) return false;
  const found = statSync(path);
  return found.isFile() || (found.isDirectory() && !hasSocket(path));
}

/** So many folders below are looked into: a data set may have thousands, and none of them holds sockets. */
const FOLDERS_LOOKED_INTO = 100;

function hasSocket(folder: string): boolean {
  const entries = entriesOf(folder);
  const below = entries.filter((entry) => entry.isDirectory()).slice(0, FOLDERS_LOOKED_INTO);
  const all = [...entries, ...below.flatMap(({ name }) => entriesOf(join(folder, name)))];
  return all.some((entry) => entry.isSocket());
}

/** Nothing of a folder that may not be read: then nobody inside can either. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}
