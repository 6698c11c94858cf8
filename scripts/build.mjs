/**
 * `npm run build`: the rooms compiled to dist/, with the prompts and other files they read beside them.
 *
 * A build goes to a scratch folder first and is then laid over dist/ file by file, so that a running agenthpo (or a
 * test) never finds dist/ half empty. Output that no source makes any more is removed. Nothing changed: nothing done.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder, ROOMS } from './source-files.mjs';

/**
 * What the compiler leaves out and the program reads at run time. A pattern without a match fails the build, and so
 * does a file in a room that no pattern names: it would be missing from the package.
 */
const ASSETS = [
  { room: 'agents', pattern: /^agents\/prompts\/[^/]+\.md$/ },
  { room: 'runners', pattern: /^runners\/wrapper\.sh$/, isExecutable: true },
  { room: 'cli', pattern: /^cli\/completion\/agenthpo\.(bash|zsh|fish)$/ },
  { room: 'runners', pattern: /^runners\/python-probe\.py$/ },
  { room: 'runners', pattern: /^runners\/optuna\/(bridge\.py|(accepted|pinned)\/[a-z]+\.txt)$/ },
  { room: 'configs', pattern: /^configs\/[^/]+\.yaml$/, mayBeMissing: true },
  { room: 'configs', pattern: /^configs\/templates\/[^/]+\/[^/]+$/ },
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const cache = join(root, 'node_modules/.cache/agenthpo');
const stampFile = join(cache, 'build.json');

build();

function build() {
  const inputs = digest(root, inputFiles());
  if (readStamp() === stamp(inputs)) return;
  mkdirSync(cache, { recursive: true });
  const scratch = join(cache, `build-${process.pid}`);
  try {
    if (!compiles(scratch)) {
      process.exitCode = 1;
      return;
    }
    for (const asset of ASSETS) copyAsset(asset, scratch);
    refuseUnlisted();
    for (const command of commandFiles()) chmodSync(join(scratch, command), 0o755);
    layOver(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  writeFileSync(stampFile, stamp(inputs));
}

/** False when the compiler found errors; it has printed them. */
function compiles(outDir) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.error) throw run.error;
  return run.status === 0;
}

function copyAsset({ room, pattern, isExecutable = false, mayBeMissing = false }, outDir) {
  const found = filesUnder(root, room).filter((file) => pattern.test(file));
  if (found.length === 0 && !mayBeMissing) throw new Error(`build: no file matches ${pattern}, which ${room}/ needs`);
  for (const file of found) {
    cpSync(join(root, file), join(outDir, file));
    if (isExecutable) chmodSync(join(outDir, file), 0o755);
  }
}

function refuseUnlisted() {
  const others = ROOMS.flatMap((room) => filesUnder(root, room)).filter((file) => !file.endsWith('.ts'));
  const unlisted = others.filter((file) => !ASSETS.some(({ pattern }) => pattern.test(file)));
  if (unlisted.length > 0) throw new Error(`build: add ${unlisted.join(', ')} to ASSETS in scripts/build.mjs`);
}

/** The compiled files that package.json’s `bin` promises, relative to dist/. */
function commandFiles() {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.values(bin).map((path) => path.replace(/^dist\//, ''));
}

/** Make dist/ equal to `scratch`: each file appears whole, by a rename, and unchanged ones stay untouched. */
function layOver(scratch) {
  const fresh = new Set(filesUnder(scratch));
  for (const file of fresh) {
    const target = join(dist, file);
    mkdirSync(dirname(target), { recursive: true });
    const half = `${target}.${process.pid}.half`;
    cpSync(join(scratch, file), half);
    renameSync(half, target);
  }
  const stale = existsSync(dist) ? filesUnder(dist).filter((file) => !fresh.has(file)) : [];
  for (const file of stale) rmSync(join(dist, file), { force: true });
}

/** Everything a build depends on: the rooms, the settings of the compiler and the packages, and this script. */
function inputFiles() {
  const rooms = ROOMS.flatMap((room) => filesUnder(root, room));
  return [...rooms, 'package.json', 'npm-shrinkwrap.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];
}

/** A build is up to date when neither its inputs nor its outputs have changed since it was made. */
function stamp(inputs) {
  return JSON.stringify({ inputs, outputs: existsSync(dist) ? digest(dist, filesUnder(dist)) : '' });
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
}

function digest(folder, files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(folder, file)))
      .update('\0');
  return hash.digest('hex');
}
