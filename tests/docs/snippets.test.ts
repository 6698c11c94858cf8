import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aFolder } from '../study/maker.ts';
import { commandsOf, DOCUMENTS, ROOT, readDocument, type Snippet, snippetsOf } from './document.ts';

/*
 * Every file and every command of the documents, in their order and in one folder a document, as a reader would follow
 * them. A block that cannot be run here says why in a comment above it.
 */

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const run = promisify(execFile);

const documents = DOCUMENTS.map((path) => {
  const text = readDocument(path);
  return { path, text, snippets: snippetsOf(text) };
});

test.each(documents.filter(({ snippets }) => snippets.some(isRun)))(
  '$path can be followed',
  async ({ path, snippets }) => {
    const folder = aFolder();
    const reader = aReader(folder);
    for (const snippet of snippets) {
      if (snippet.file !== undefined) write(join(folder, snippet.file), snippet.text);
      if (!isRun(snippet)) continue;
      const commands = commandsOf(snippet);
      await reader(commands).catch((error: unknown) => {
        throw new Error(`${path}:${snippet.line}: ${commands}`, { cause: error });
      });
    }
  },
);

describe.each(documents)('$path', ({ path, text: document }) => {
  test('names only commands and options that exist', async () => {
    const named = [...document.matchAll(/\bagenthpo ([a-z]+)\b([^`\n#]*)/g)];
    for (const [text, command = '', rest = ''] of named) {
      const help = await helpOf(command);
      if (help === undefined) continue; // Prose: “agenthpo reads …”.
      const options = [...rest.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([option]) => option);
      for (const option of options) expect(help, text).toContain(option);
    }
  });

  test('links to files and headings that exist', () => {
    for (const [, target = ''] of document.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', heading] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      expect(existsSync(new URL(linked, ROOT)), `${path}: ${target}`).toBe(true);
      if (heading !== undefined) expect(headingsOf(readDocument(linked)), `${path}: ${target}`).toContain(heading);
    }
  });
});

function isRun(snippet: Snippet): boolean {
  return commandsOf(snippet) !== '' && snippet.notRun === undefined;
}

/** Runs commands as a shell does that stops at the first failure, with `agenthpo` on its PATH. */
function aReader(folder: string) {
  const programs = join(folder, '.programs');
  write(join(programs, 'agenthpo'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(programs, 'agenthpo'), 0o755);
  const { PATH = '' } = process.env;
  const env = { PATH: `${programs}:${PATH}`, HOME: join(folder, '.home'), CI: 'true' };
  return (commands: string) => run('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { cwd: folder, env });
}

const helps = new Map<string, Promise<string | undefined>>();

function helpOf(command: string): Promise<string | undefined> {
  const known = helps.get(command);
  if (known !== undefined) return known;
  const help = run(process.execPath, [MAIN, command, '--help']).then(
    ({ stdout }) => (stdout.startsWith(`Usage: agenthpo ${command} `) ? stdout : undefined),
    () => undefined,
  );
  helps.set(command, help);
  return help;
}

function headingsOf(document: string): string[] {
  return [...document.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
