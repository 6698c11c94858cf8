import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AgentHpoError } from '../study/errors.ts';
import { runCommand } from './python-command.ts';
import { isOfTheSystem, isWithin, type Sandbox } from './sandbox.ts';
import { taskFiles } from './task-files.ts';

export interface ViewRequest {
  readonly taskFolder: string;
  readonly interpreter: string;
  /** The training’s own environment: says where home, data and further libraries are. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user’s home, nothing of which is shown but Python itself. */
  readonly home: string;
}

/**
 * What a training needs to see of the machine: its Python with all that it imports from, the task folder, the data, and
 * the GPUs. Throws `sandbox-unavailable` for a task or data folder that holds the whole home.
 */
export async function sandboxView(
  request: ViewRequest,
  signal: AbortSignal,
): Promise<Pick<Sandbox, 'readable' | 'links' | 'devices'>> {
  const { taskFolder, interpreter, environment, home } = request;
  const { AGENTHPO_DATA: data, LD_LIBRARY_PATH: libraries = '' } = environment;
  const asked = [taskFolder, ...(data === undefined ? [] : [resolve(data)])];
  for (const folder of asked) assertNotHome(folder, home);
  const python = [...(await pythonFolders(request, signal)), ...libraries.split(delimiter)];
  const wanted = [...python, ...linkedOutside(taskFolder, home)].filter(
    (path) => isAbsolute(path) && !holds(path, home),
  );
  const readable = [...new Set([...asked, ...wanted.flatMap(withItsPlace)])].filter((path) => existsSync(path));
  const { links, folder } = interpreterLinks(interpreter, readable);
  const all = [...readable, ...folder.filter((path) => !holds(path, home))];
  return { readable: outermost(all), links, devices: gpuDevices() };
}

/** Without what lies in another one: its name may hold a link there (`lib64` of a virtual environment), and nothing is mounted over links. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter(
    (path) => !isOfTheSystem(path) && !paths.some((other) => other !== path && isWithin(path, other)),
  );
}

/** Where links of the task folder lead outside of it: shown too, but never the hidden part of the home (keys, tokens). */
export function linkedOutside(taskFolder: string, home: string): string[] {
  return taskFiles(taskFolder)
    .flatMap((file) => (file.kind === 'link' ? [resolve(taskFolder, dirname(file.path), file.target)] : []))
    .map((path) => (existsSync(path) ? realpathSync(path) : path))
    .filter((path) => !isWithin(path, realpathSync(taskFolder)))
    .filter((path) => !holds(path, home) && !isHidden(path, home));
}

function isHidden(path: string, home: string): boolean {
  return isWithin(path, home) && path.slice(home.length).includes('/.');
}

/** Whether all of the home would be seen through `path`. */
function holds(path: string, home: string): boolean {
  return isWithin(home, path);
}

function assertNotHome(folder: string, home: string): void {
  if (!holds(folder, home)) return;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${folder} holds the home directory ${home}, which the sandbox is there to hide.`,
    hint: 'Keep the task and its data in folders of their own.',
  });
}

const ASK_PYTHON = 'import json, sys; print(json.dumps([sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]))';

/** Where the interpreter and everything it can import lie; an editable install’s folder is among them. */
async function pythonFolders({ interpreter, environment }: ViewRequest, signal: AbortSignal): Promise<string[]> {
  const { exitCode, stdout, tail } = await runCommand(
    { command: [interpreter, '-c', ASK_PYTHON], folder: '/', environment, limitSeconds: 60 },
    signal,
  );
  const folders =
    exitCode === 0 ? z.array(z.string()).safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')) : undefined;
  if (folders?.success === true) return folders.data;
  throw new AgentHpoError({
    code: 'python-missing',
    message: `${interpreter} does not run: ${tail.at(-1) ?? `exit code ${exitCode}`}`,
    hint: 'Name another interpreter with --python.',
  });
}

/** A folder under the name it was given, and where it really lies: links between the two must resolve. */
function withItsPlace(path: string): string[] {
  return existsSync(path) ? [path, realpathSync(path)] : [];
}

/** The links from the interpreter’s name to its program that nothing readable covers, and the program’s own installation. */
function interpreterLinks(
  interpreter: string,
  readable: readonly string[],
): { links: Sandbox['links']; folder: string[] } {
  const isSeen = (path: string) => isOfTheSystem(path) || readable.some((folder) => isWithin(path, folder));
  const links: { path: string; target: string }[] = [];
  let path = interpreter;
  for (; lstatSync(path).isSymbolicLink(); path = resolve(dirname(path), readlinkSync(path)))
    if (!isSeen(path)) links.push({ path, target: readlinkSync(path) });
  return { links, folder: isSeen(path) ? [] : [dirname(dirname(path))] };
}

/** NVIDIA, AMD, Intel, and WSL’s way to any of them. */
function gpuDevices(): string[] {
  return readdirSync('/dev')
    .filter((name) => /^nvidia|^(kfd|dri|dxg)$/.test(name))
    .map((name) => join('/dev', name));
}
