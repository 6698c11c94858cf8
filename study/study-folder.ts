import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sync } from './durable-files.ts';
import { AgentHpoError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Random } from './random.ts';

const ADJECTIVES =
  'amber brisk calm clear deft eager fair gentle keen lucid mellow noble patient quiet ready steady swift tidy vivid warm'.split(
    ' ',
  );
const BIRDS =
  'avocet bunting crane dipper egret finch grebe heron ibis jay kestrel linnet merlin nuthatch osprey plover robin siskin tern wren'.split(
    ' ',
  );

/** Every file name of a study, in one place. */
export function studyPaths(folder: string) {
  return {
    folder,
    log: join(folder, 'experiment-log.jsonl'),
    settings: join(folder, 'study.yaml'),
    agentLog: join(folder, 'agent.log'),
    trials: join(folder, 'trials'),
    report: join(folder, 'report.md'),
    reportHtml: join(folder, 'report.html'),
    trial: (number: number) => join(folder, 'trials', String(number).padStart(4, '0')),
  };
}

/** `2026-11-21T09-30-12-quiet-heron`: sorts by time, easy to say. */
export function newStudyId(now: Date, random: Random): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${time}-${random.pick(ADJECTIVES)}-${random.pick(BIRDS)}`;
}

/**
 * Make `<out>/<task>/<id>`, private to the user, so that it appears whole: `fill` writes into a folder aside, which is
 * then renamed. A crash before that leaves only a hidden folder, which the next study of the task removes after a day.
 */
export function createStudyFolder(out: string, task: string, id: string, fill: (folder: string) => void): string {
  const parent = join(resolve(out), task);
  const folder = join(parent, id);
  const aside = join(parent, `.${id}.new`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeAbandoned(parent);
  mkdirSync(aside, { mode: 0o700 });
  mkdirSync(join(aside, 'trials'), { mode: 0o700 });
  fill(aside);
  sync(aside);
  renameSync(aside, folder);
  sync(parent);
  return folder;
}

/** All study folders under `out`, oldest first. */
export function listStudies(out: string): string[] {
  return folders(resolve(out))
    .flatMap((task) => folders(task))
    .filter((folder) => existsSync(studyPaths(folder).log))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** The study meant by a path, an id, the end of an id, or `latest`. Throws `study-not-found`. */
export function findStudy(reference: string, out: string, workingFolder: string): string {
  const asPath = resolve(workingFolder, reference);
  if (existsSync(studyPaths(asPath).log)) return asPath;
  const studies = listStudies(resolve(workingFolder, out));
  const found =
    reference === 'latest'
      ? studies.at(-1)
      : studies.find((folder) => basename(folder) === reference || basename(folder).endsWith(`-${reference}`));
  if (found !== undefined) return found;
  const known = studies.slice(-5).map((folder) => basename(folder));
  throw new AgentHpoError({
    code: 'study-not-found',
    message: `No study "${reference}" under ${resolve(workingFolder, out)} (${didYouMean(reference, known)}).`,
    hint: 'agenthpo list shows the studies; --out names another folder of studies.',
  });
}

const ABANDONED_AFTER_MS = 24 * 3_600_000;

function removeAbandoned(parent: string): void {
  const hidden = readdirSync(parent).filter((name) => /^\..*\.new$/.test(name));
  for (const path of hidden.map((name) => join(parent, name)))
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
}

function folders(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(parent, entry.name));
}

/** `digits/2026-…-quiet-heron`: how a study is named to people. */
export function studyLabel(folder: string): string {
  return `${basename(dirname(folder))}/${basename(folder)}`;
}
