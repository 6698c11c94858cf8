import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { AgentHpoError } from '../../study/errors.ts';
import { listStudies, studyLabel } from '../../study/study-folder.ts';
import { ARM_NAMES } from '../bench/arms.ts';
import type { Context } from '../context.ts';
import { bundledTasks, findTask } from '../find-task.ts';
import { loadSettings } from '../settings.ts';
import type { Candidate } from './candidates.ts';

type Finder = (context: Context, typed: string, positional: readonly string[]) => Candidate[];

/** What can be known of the arguments and options that have no fixed choices, by their name. */
const FINDERS: Readonly<Record<string, Finder>> = {
  task: (context, typed) => tasks(context, typed),
  study: (context, typed) => studies(context, typed),
  arms: (_, typed) => armsAfter(typed),
  warmStart: (context, typed) => studies(context, typed),
  profile: (context, _, [task]) => keysOf(context, task, 'profiles'),
  set: (context, _, [task]) =>
    keysOf(context, task, 'hyperparameters').map((each) => ({ ...each, value: `${each.value}=` })),
  model: () => [
    { value: 'offline', description: 'embedded, free, no language model' },
    { value: 'openai:', description: 'a model of OpenAI, or of --base-url' },
  ],
};

/** The candidates for a value of that kind; none for one that only its user knows. */
export function knownValues(context: Context, kind: string, typed: string, positional: readonly string[]): Candidate[] {
  return FINDERS[kind]?.(context, typed, positional) ?? [];
}

/** One arm more behind those that are typed, none twice. */
function armsAfter(typed: string): Candidate[] {
  const before = typed.split(',').slice(0, -1);
  const start = before.map((name) => `${name},`).join('');
  return ARM_NAMES.filter((name) => !before.includes(name)).map((name) => ({
    value: `${start}${name}`,
    description: '',
  }));
}

/** Bundled tasks, and folders with a task.yaml: here, under `tasks/`, and where the typed path leads. */
function tasks({ workingFolder }: Context, typed: string): Candidate[] {
  const parents = new Set(['', 'tasks/', typed.slice(0, typed.lastIndexOf('/') + 1)]);
  const here = [...parents].flatMap((parent) => taskFolders(workingFolder, parent));
  return [
    ...here.map((value) => ({ value, description: 'task folder' })),
    ...bundledTasks().map((value) => ({ value, description: 'bundled task' })),
  ];
}

function taskFolders(workingFolder: string, parent: string): string[] {
  const folder = resolve(workingFolder, parent);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'task.yaml')))
    .map((entry) => `${parent}${entry.name}`);
}

/** `latest` and the last two words of each id, newest first; whole ids once a digit is typed. */
function studies(context: Context, typed: string): Candidate[] {
  const { out } = loadSettings({ ...context, flags: {} });
  const folders = listStudies(resolve(context.workingFolder, out)).reverse();
  const wantsId = /^\d/.test(typed);
  const named = folders.map((folder) => {
    const id = basename(folder);
    return { value: wantsId ? id : id.split('-').slice(-2).join('-'), description: studyLabel(folder) };
  });
  return folders.length === 0 ? [] : [{ value: 'latest', description: 'the newest study' }, ...named];
}

const keyed = z.object({
  profiles: z.record(z.string(), z.unknown()).default({}),
  hyperparameters: z.record(z.string(), z.unknown()).default({}),
});

/** The names under a key of the task’s file; a file that is not valid yet may still be completed for. */
function keysOf(
  { workingFolder }: Context,
  task: string | undefined,
  key: 'profiles' | 'hyperparameters',
): Candidate[] {
  const file = task === undefined ? undefined : taskFile(task, workingFolder);
  if (file === undefined) return [];
  const read = keyed.safeParse(parseDocument(readFileSync(file, 'utf8')).toJS());
  return read.success ? Object.keys(read.data[key]).map((value) => ({ value, description: '' })) : [];
}

function taskFile(task: string, workingFolder: string): string | undefined {
  try {
    const file = join(findTask(task, workingFolder), 'task.yaml');
    return existsSync(file) ? file : undefined;
  } catch (error) {
    if (error instanceof AgentHpoError) return undefined;
    throw error;
  }
}
