/** One file that is not what it was. */
export interface FileChange {
  readonly path: string;
  readonly change: 'changed' | 'new' | 'gone';
}

/** What differs between two states of a folder, each a hash by path; in the order of the paths. */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return paths.flatMap((path): FileChange[] => {
    if (before[path] === now[path]) return [];
    return [{ path, change: path in now ? (path in before ? 'changed' : 'new') : 'gone' }];
  });
}
