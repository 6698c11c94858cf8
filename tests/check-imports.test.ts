import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const checker = fileURLToPath(new URL('../scripts/check-imports.mjs', import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The checker’s verdict on a folder with these files. */
function check(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'agenthpo-imports-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const { status, stderr } = spawnSync(process.execPath, [checker], { cwd: root, encoding: 'utf8' });
  return { status, problems: stderr.split('\n').filter((line) => line !== '') };
}

describe('the import checker', () => {
  test('reports each planted mistake, and nothing else', () => {
    const { status, problems } = check({
      'study/space.ts': "import { main } from '../cli/main.ts';\nexport const space = [main, process.env['HOME']];",
      'study/here.ts': "import { there } from './there.ts';\nexport const here = (): unknown => there;",
      'study/there.ts': "import { here } from './here.ts';\nexport const there = (): unknown => here;",
      'runners/local.ts': "import type { Log } from '../training/log.ts';\nexport type Local = Log;",
      'training/log.ts': "import 'langchain';\nexport type Log = { process: string };",
      'report/report.ts': "import 'execa';\nimport '@langchain/core/tools';\nconst { exit } = process;\nexit(0);",
      'cli/main.ts': "import 'node:fs';\nexport const main = process.argv;",
    });
    expect(status).toBe(1);
    const expected = [
      'study/space.ts → cli/main.ts (study-imports-downwards)',
      'runners/local.ts → training/log.ts (runners-imports-downwards)',
      'training/log.ts → langchain (langchain-only-in-agents-and-tools)',
      'report/report.ts → execa (execa-only-in-runners)',
      'report/report.ts → @langchain/core/tools (langchain-only-in-agents-and-tools)',
      'study/space.ts:2: process.env belongs to cli/ (pass what is needed as an argument)',
      'report/report.ts:3: the bare name "process" belongs to cli/ (pass what is needed as an argument)',
    ];
    for (const line of expected) expect(problems).toContain(line);
    const others = problems.filter((line) => !expected.includes(line) && !line.endsWith('(resolvable)'));
    expect(others.every((line) => line.endsWith('(no-circles)'))).toBe(true);
    expect(others.length).toBeGreaterThan(0);
  });

  test('accepts imports that run downwards, and types that point both ways', () => {
    const { status, problems } = check({
      'study/history.ts': "import type { Role } from './role.ts';\nexport interface History { roles: Role[] }",
      'study/role.ts': "import type { History } from './history.ts';\nexport interface Role { history: History }",
      'tools/tool.ts': "import type { History } from '../study/history.ts';\nexport type Tool = History;",
    });
    expect({ status, problems }).toEqual({ status: 0, problems: [] });
  });

  test('fails where it finds nothing to look at', () => {
    const { status, problems } = check({ 'README.md': 'no source here' });
    expect(status).toBe(1);
    expect(problems.join('\n')).toContain('no source file found');
  });
});
