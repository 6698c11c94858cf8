import { applyPatch, createTwoFilesPatch, FILE_HEADERS_ONLY, parsePatch, reversePatch } from 'diff';

/** The name of the winner’s patch in a study’s folder. */
export const PATCH_FILE = 'best.patch';

/**
 * The change of one file as a unified diff that `patch -p1` and `git apply` take in the folder that `path` is relative
 * to. Empty when nothing changes.
 */
export function filePatch(path: string, before: string, after: string): string {
  if (before === after) return '';
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, options);
}

/** The text as it was before the patch was applied; undefined when it was not applied to this text. */
export function withoutPatch(text: string, patch: string): string | undefined {
  const [change] = parsePatch(patch);
  const before = change === undefined ? false : applyPatch(text, reversePatch(change));
  return before === false ? undefined : before;
}
