import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const packResult = z.tuple([
  z.object({ size: z.number(), files: z.array(z.object({ path: z.string(), mode: z.number() })) }),
]);
let packed: Map<string, number>;
let packedBytes: number;

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root });
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ size, files }] = packResult.parse(JSON.parse(output));
  packed = new Map(files.map(({ path, mode }) => [path, mode]));
  packedBytes = size;
});

/** Versioned files of a folder, relative to the root. */
function filesIn(folder: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--', folder], { cwd: root, encoding: 'utf8' });
  return listed.split('\n').filter((file) => file !== '' && existsSync(`${root}/${file}`));
}

describe('the package', () => {
  test('holds the command, executable, and every compiled module', () => {
    expect((packed.get('dist/cli/main.js') ?? 0) & 0o111).toBe(0o111);
    const modules = ['cli', 'study', 'runners', 'agents', 'tools'].flatMap((room) =>
      filesIn(room).filter((file) => file.endsWith('.ts')),
    );
    expect(modules.length).toBeGreaterThan(20);
    for (const module of modules) expect([...packed.keys()]).toContain(`dist/${module.replace(/\.ts$/, '.js')}`);
  });

  test('holds what the program reads at run time: prompts, wrapper, settings, bundled tasks', () => {
    expect((packed.get('dist/runners/wrapper.sh') ?? 0) & 0o111).toBe(0o111);
    const read = [
      ...filesIn('agents/prompts').map((file) => `dist/${file}`),
      ...filesIn('runners')
        .filter((file) => /\.(py|txt)$/.test(file))
        .map((file) => `dist/${file}`),
      ...filesIn('cli/completion')
        .filter((file) => !file.endsWith('.ts'))
        .map((file) => `dist/${file}`),
      ...filesIn('configs')
        .filter((file) => !file.endsWith('.ts'))
        .map((file) => `dist/${file}`),
      ...filesIn('tasks'),
    ];
    expect(read.length).toBeGreaterThan(6);
    for (const file of read) expect([...packed.keys()]).toContain(file);
  });

  test('pins its dependencies and names its licence', () => {
    for (const file of ['npm-shrinkwrap.json', 'LICENSE', 'README.md', 'CHANGELOG.md'])
      expect([...packed.keys()]).toContain(file);
  });

  test('leaves tests, caches and data at home', () => {
    const strays = [...packed.keys()].filter((path) =>
      /^(tests|bench|logs|scripts|node_modules)\/|__pycache__|\.pyc$|^tasks\/[^/]+\/data\/|\.half$/.test(path),
    );
    expect(strays).toEqual([]);
  });

  test('stays small: its tasks are scripts, and no data', () => {
    expect(packedBytes).toBeLessThan(1_500_000);
    const kinds = new Set([...packed.keys()].filter((path) => path.startsWith('tasks/')).map((path) => extname(path)));
    expect([...kinds].toSorted()).toEqual(['.json', '.md', '.py', '.txt', '.yaml']);
  });

  test('has no complaint from publint', async () => {
    const files = [...packed.keys()].map((name) => ({
      name: `package/${name}`,
      data: readFileSync(`${root}/${name}`),
    }));
    const { messages, pkg } = await publint({ pkgDir: 'package', level: 'suggestion', strict: true, pack: { files } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test('is not built again while nothing has changed', () => {
    const inode = () => statSync(`${root}/dist/cli/main.js`).ino;
    const before = inode();
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root });
    expect(inode()).toBe(before);
  });
});
