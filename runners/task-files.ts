import { type Dirent, readdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { systemCodeOf } from '../study/errors.ts';
import { isKeyFile } from './key-files.ts';

/** Larger files are linked into a working copy, and hashed by size and date. */
const COPY_LIMIT_BYTES = 1024 * 1024;

/** What scripts write over. A link to one, left by a run by hand, would let a trial overwrite it: these are copied, whatever their size. */
const CHECKPOINT = /\.(pt|pth|ckpt|safetensors|h5|keras|joblib|onnx)$/i;

/** One thing of a task folder that a training may need. Paths are relative to the folder, with `/`. */
export type TaskFile =
  /** `version` stands for the content of a file too large to be read for a hash. */
  | { readonly kind: 'copy'; readonly path: string; readonly sizeBytes: number; readonly version?: string }
  /** `target` is what a link at `path` says: absolute, or relative within the working copy. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string; readonly version: string };

/** Never part of a task’s code, wherever they stand. */
const LEFT_OUT = new Set(['__pycache__', '.git', 'node_modules', '.attempts', '.ipynb_checkpoints', '.pytest_cache']);
const LEFT_OUT_AT_TOP = new Set(['logs']);

/** A folder with one of these is a virtual environment or a study. */
const LEFT_OUT_WITH = ['pyvenv.cfg', 'experiment-log.jsonl'];

/**
 * What a working copy of the task folder consists of, sorted by path: small files and checkpoints copied, `data/` and
 * other large files linked. Links to small files count as these files, so that writing to the copy never reaches the original; other
 * links are not followed (a loop does no harm). Files of keys are left out. `leaveOut`: paths in the folder that are not code (the training log).
 */
export function taskFiles(taskFolder: string, leaveOut: readonly string[] = []): TaskFile[] {
  const skipped = new Set(leaveOut.map((path) => relative(taskFolder, resolve(taskFolder, path))));
  const walk = (folder: string): TaskFile[] => {
    const entries = readdirSync(join(taskFolder, folder), { withFileTypes: true });
    if (folder !== '' && entries.some(({ name }) => LEFT_OUT_WITH.includes(name))) return [];
    return entries.flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (LEFT_OUT.has(entry.name) || isKeyFile(entry.name) || skipped.has(path) || entry.name.endsWith('.pyc'))
        return [];
      if (folder === '' && LEFT_OUT_AT_TOP.has(entry.name)) return [];
      const isFolder = entry.isDirectory() && path !== 'data';
      return isFolder ? walk(path) : (describe(taskFolder, path, entry) ?? []);
    });
  };
  return walk('').sort((a, b) => (a.path < b.path ? -1 : 1));
}

function describe(taskFolder: string, path: string, entry: Dirent): TaskFile | undefined {
  const source = join(taskFolder, path);
  const found = statIfThere(source);
  if (found?.isFile() && found.size <= COPY_LIMIT_BYTES) return { kind: 'copy', path, sizeBytes: found.size };
  const version = found === undefined ? 'nothing' : `${found.size} ${found.isFile() ? found.mtimeMs : 'folder'}`;
  if (found?.isFile() && CHECKPOINT.test(path)) return { kind: 'copy', path, sizeBytes: found.size, version };
  if (entry.isSymbolicLink()) return { kind: 'link', path, target: targetOf(taskFolder, source), version };
  // Sockets, pipes and devices are nobody’s code.
  return found?.isFile() || found?.isDirectory() ? { kind: 'link', path, target: source, version } : undefined;
}

/** What a copied link must say: the same place within the copy, or the same place outside of the task folder. */
function targetOf(taskFolder: string, link: string): string {
  const target = resolve(dirname(link), readlinkSync(link));
  const isInside = target === taskFolder || target.startsWith(taskFolder + sep);
  return isInside ? relative(dirname(link), target) || '.' : target;
}

/** undefined for a link that leads nowhere, or in circles. */
function statIfThere(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
