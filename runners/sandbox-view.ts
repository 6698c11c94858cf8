import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { AgentHpoError } from '../study/errors.ts';
import { holds, isOfFolder, realPath, shownLinks } from './links-outside.ts';
import { runCommand } from './python-command.ts';
import { isOfTheSystem, isWithin, type Sandbox } from './sandbox.ts';

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
  const { taskFolder, interpreter, environment } = request;
  // Links and slashes in its name must not make it another place than the paths it is compared with.
  const home = realPath(request.home);
  const { AGENTHPO_DATA: data, LD_LIBRARY_PATH: libraries = '' } = environment;
  const asked = [taskFolder, ...(data === undefined ? [] : [resolve(data)])];
  for (const folder of asked) assertNotHome(folder, home);
  assertNotOfTask(interpreter, taskFolder);
  const python = [...(await pythonFolders(request, signal)), ...libraries.split(delimiter)];
  const wanted = [...python, ...shownLinks(taskFolder, home)].filter(
    (path) => isAbsolute(path) && !holds(realPath(path), home),
  );
  const readable = [...new Set([...asked, ...wanted].flatMap(withItsPlace))];
  const { links, folder } = interpreterLinks(interpreter, readable);
  const all = [...readable, ...folder.filter((path) => !holds(realPath(path), home))];
  return { readable: outermost(all), links, devices: gpuDevices() };
}

/** Without what lies in another one: its name may hold a link there (`lib64` of a virtual environment), and nothing is mounted over links. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter(
    (path) => !isOfTheSystem(path) && !paths.some((other) => other !== path && isWithin(path, other)),
  );
}

function assertNotHome(folder: string, home: string): void {
  if (!holds(realPath(folder), home)) return;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${folder} holds the home directory ${home}, which the sandbox is there to hide.`,
    hint: 'Keep the task and its data in folders of their own.',
  });
}

/** It is asked, outside, what the sandbox has to show of it. */
function assertNotOfTask(interpreter: string, taskFolder: string): void {
  if (!isOfFolder(interpreter, taskFolder)) return;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${interpreter} lies in the task folder: it would have to run outside of the sandbox to say where its packages are.`,
    hint: 'Name a Python that is not the task’s own with --python; what requirements.txt asks for is installed where it is missing.',
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
