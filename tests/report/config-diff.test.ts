import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../report/config-diff.ts';

describe('the config file’s difference', () => {
  it('shows the changed lines with their neighbours', () => {
    const before = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n';
    expect(unifiedDiff(before, before.replace('e: 5', 'e: 50'), 1)).toBe('@@ line 4 @@\n d: 4\n-e: 5\n+e: 50\n f: 6');
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
  });

  it('holds the whole new text in its unchanged and added lines, and the old one in its unchanged and removed lines', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        fc.pre(before.join() !== after.join());
        const diff = unifiedDiff(before.join('\n'), after.join('\n'), 100)
          .split('\n')
          .filter((line) => !line.startsWith('@@'));
        const kept = (marks: string) =>
          diff.filter((line) => marks.includes(line.slice(0, 1))).map((line) => line.slice(1));
        expect(kept(' +')).toEqual(after);
        expect(kept(' -')).toEqual(before);
      }),
    );
  });
});
