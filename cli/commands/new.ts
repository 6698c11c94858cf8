import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import { shellWords } from '../../study/shell-words.ts';
import { taskSchema } from '../../study/task-schema.ts';
import { type Context, EXIT } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { textOption } from '../options.ts';

/** Each style is a folder of templates, a working task in itself. */
const TEMPLATES = new URL('../../configs/templates/', import.meta.url);
const DEFAULT_STYLE = 'config';

/** `agenthpo new <name>`: a small task folder that runs as it is, to be made one’s own. Nothing is ever overwritten. */
export async function run(
  context: Context,
  [place = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const folder = resolve(context.workingFolder, place);
  const name = checkedName(basename(folder), place);
  assertFree(folder);
  const path = relative(context.workingFolder, folder);
  const shown = path.startsWith('..') ? folder : path;
  const files = writeTemplates(textOption(options['style']) ?? DEFAULT_STYLE, folder, name, shown);
  const next = nextCommands(shellWords([shown]));
  context.stdout.write(
    options['json'] === true
      ? jsonLine({ task: name, folder, files, next })
      : `${shown}/ holds ${files.join(', ')}.\n\nNext:\n${next.map(({ command, does }) => `  ${command}\n      ${does}\n`).join('')}`,
  );
  return EXIT.ok;
}

function checkedName(name: string, place: string): string {
  const checked = taskSchema.shape.name.safeParse(name);
  if (checked.success) return name;
  const suggestion = name.replaceAll(/[^a-z0-9._-]+/gi, '-').replaceAll(/^[^a-z0-9]+|-+$/gi, '') || 'my-task';
  throw new AgentHpoError({
    code: 'usage',
    message: `"${place}" does not end in a task’s name: letters, digits, dots, dashes and underscores, a letter or digit first.`,
    hint: `Write for example: agenthpo new ${suggestion}`,
  });
}

function assertFree(folder: string): void {
  if (!existsSync(folder)) return;
  const held = statSync(folder).isDirectory() ? readdirSync(folder) : undefined;
  if (held?.length === 0) return;
  throw new AgentHpoError({
    code: 'usage',
    message: `${folder} is there already${held === undefined ? '' : ` and holds ${held.slice(0, 3).join(', ')}${held.length > 3 ? ' …' : ''}`}; nothing was written.`,
    hint: `Choose another name, such as: agenthpo new ${basename(folder)}-2`,
  });
}

function writeTemplates(style: string, folder: string, name: string, shown: string): string[] {
  const templates = new URL(`${style}/`, TEMPLATES);
  const files = readdirSync(templates).sort();
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const template = readFileSync(new URL(file, templates), 'utf8');
    const text = template.replaceAll('path/to/my-task', shown).replaceAll('my-task', name);
    // wx: a file that appeared in the meantime is somebody’s.
    writeFileSync(join(folder, file), text, { flag: 'wx' });
  }
  return files;
}

interface NextCommand {
  readonly command: string;
  readonly does: string;
}

function nextCommands(folder: string): NextCommand[] {
  return [
    { command: `agenthpo check ${folder} --run`, does: 'reads the folder and trains once with the defaults' },
    { command: `agenthpo tune ${folder}`, does: '10 trials and a report; asks before it runs your script' },
    { command: 'agenthpo show latest', does: 'what was tried, and why' },
  ];
}
