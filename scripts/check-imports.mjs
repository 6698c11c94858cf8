/**
 * `npm run imports`: the direction of imports (.dependency-cruiser.cjs) and who may touch the process
 * (process-access.mjs). Exits 1 with one line for each violation. A checker that saw fewer modules than there are
 * source files fails too: with a TypeScript it cannot load, dependency-cruiser passes after looking at nothing.
 *
 * Checks the working directory, so that a test can point it at a folder with planted mistakes.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProcessAccess } from './process-access.mjs';
import { filesUnder, ROOMS, WORKSHOPS } from './source-files.mjs';

const home = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const root = process.cwd();
const folders = [...ROOMS, ...WORKSHOPS].filter((folder) => sourcesOf(folder).length > 0);
const sources = folders.flatMap(sourcesOf);
if (sources.length === 0) throw new Error('no source file found: run this in the repository root');

const { modules, summary } = cruise();
const seen = new Set(modules.map(({ source }) => source));
const problems = [
  ...summary.violations.map(describe),
  ...sources.filter((file) => !seen.has(file)).map((file) => `${file}: the checker did not see this module`),
  ...findProcessAccess(
    root,
    sources.filter((file) => ROOMS.some((room) => file.startsWith(`${room}/`))),
  ),
];
for (const problem of problems) console.error(problem);
console.log(`imports: ${sources.length} source files, ${seen.size} modules seen, ${problems.length} violations`);
process.exitCode = problems.length > 0 ? 1 : 0;

function sourcesOf(folder) {
  return filesUnder(root, folder).filter((file) => file.endsWith('.ts') && !file.startsWith('tests/fixtures/broken/'));
}

function cruise() {
  const bin = join(home, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(home, '.dependency-cruiser.cjs');
  const args = [bin, '--config', config, '--ts-config', join(home, 'tsconfig.json'), '--output-type', 'json'];
  const run = spawnSync(process.execPath, [...args, ...folders], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.error) throw run.error;
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no result:\n${run.stdout}${run.stderr}`);
  return JSON.parse(run.stdout);
}

function describe({ from, to, rule, cycle }) {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ');
  return `${from} → ${path} (${rule.name})`;
}
