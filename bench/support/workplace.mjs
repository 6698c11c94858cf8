import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const COMMAND = join(ROOT, 'dist/cli/main.js');
export const RESULTS = join(ROOT, 'bench/results');

/**
 * Gives `work` an empty folder and removes it afterwards. It lies on the disk where studies lie, because /tmp is often
 * memory, where an fsync costs nothing.
 */
export async function inScratchFolder(work) {
  mkdirSync(RESULTS, { recursive: true });
  const folder = mkdtempSync(join(RESULTS, 'scratch-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
