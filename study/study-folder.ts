import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sync } from './durable-files.ts';
import { AgentHpoError, systemCodeOf } from './errors.ts';
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
 * `nextId` is asked again when another study has the id.
 */
export function createStudyFolder(
  out: string,
  task: string,
  nextId: () => string,
  fill: (folder: string, id: string) => void,
): string {
  const parent = join(resolve(out), task);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeAbandoned(parent);
  const id = claimId(parent, nextId);
  const folder = join(parent, id);
  const aside = asideOf(parent, id);
  mkdirSync(join(aside, 'trials'), { mode: 0o700 });
  fill(aside, id);
  sync(aside);
  renameSync(aside, folder);
  sync(parent);
  return folder;
}

/** An id that is nobody’s: only one process can make the folder aside, and then no study of that name may be there. */
function claimId(parent: string, nextId: () => string): string {
  for (;;) {
    const id = nextId();
    try {
      mkdirSync(asideOf(parent, id), { mode: 0o700 });
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') continue;
      throw error;
    }
    if (!existsSync(join(parent, id))) return id;
    rmdirSync(asideOf(parent, id));
  }
}

function asideOf(parent: string, id: string): string {
  return join(parent, `.${id}.new`);
}

/** All study folders under `out`, oldest first. */
export function listStudies(out: string): string[] {
  return folders(resolve(out))
    .flatMap((task) => folders(task))
    .filter((folder) => existsSync(studyPaths(folder).log))
    .sort((a, b) => secondOf(a).localeCompare(secondOf(b)) || begunAt(a) - begunAt(b) || a.localeCompare(b));
}

/** An id begins with the second in which its study began. */
function secondOf(folder: string): string {
  return basename(folder).slice(0, '2026-11-21T09-30-12'.length);
}

/** Of two studies of one second the log’s first line tells which came later; 0 when it cannot be read. */
function begunAt(folder: string): number {
  const [line = ''] = readFileSync(studyPaths(folder).log, 'utf8').split('\n', 1);
  return Date.parse(/"at":"([^"]+)"/.exec(line)?.[1] ?? '') || 0;
}

/** The study meant by a path, an id, an id’s last two words, or `latest`. Throws `study-not-found`. */
export function findStudy(reference: string, out: string, workingFolder: string): string {
  const asPath = resolve(workingFolder, reference);
  if (existsSync(studyPaths(asPath).log)) return asPath;
  const studies = listStudies(resolve(workingFolder, out));
  if (reference === 'latest' && studies.length > 0) return studies.at(-1) ?? '';
  const named = (folder: string) => basename(folder) === reference || lastWords(folder) === reference;
  const [found, ...others] = studies.filter(named);
  if (found !== undefined && others.length === 0) return found;
  if (found !== undefined)
    throw new AgentHpoError({
      code: 'study-not-found',
      message: `"${reference}" names ${others.length + 1} studies: ${[found, ...others].map((folder) => basename(folder)).join(', ')}.`,
      hint: 'Give the whole id.',
    });
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

/** `quiet-heron` of `2026-11-21T09-30-12-quiet-heron`. */
function lastWords(folder: string): string {
  return basename(folder).split('-').slice(-2).join('-');
}

/** `digits/2026-…-quiet-heron`: how a study is named to people. */
export function studyLabel(folder: string): string {
  return `${basename(dirname(folder))}/${basename(folder)}`;
}
