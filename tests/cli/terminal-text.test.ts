import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanText,
  createPainter,
  fitLine,
  lineWidth,
  oneLine,
  pad,
  truncate,
  widthOf,
  wrapLine,
  wrapSpans,
} from '../../cli/terminal-text.ts';

const anyText = fc.string({ unit: 'binary' });

describe('terminal text', () => {
  test('is free of control bytes and escape sequences, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(cleanText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      }),
    );
    expect(cleanText('a\u001b[31mb\u001b[0m\nc\u001b]8;;http://x\u0007d')).toBe('ab cd');
  });

  test('is never cut wider than asked, and not at all when it fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(widthOf(truncate(text, width))).toBeLessThanOrEqual(width);
        if (widthOf(text) <= width) expect(truncate(text, width)).toBe(cleanText(text));
      }),
    );
  });

  test('fits a line of several spans, and shows that something was cut', () => {
    const line = [{ text: 'abc', style: 'bold' as const }, { text: 'def' }, { text: 'ghi' }];
    const fitted = (width: number) => createPainter(false)(fitLine(line, width));
    expect([9, 8, 7, 6, 4, 3, 1].map(fitted)).toEqual([
      'abcdefghi',
      'abcdefg…',
      'abcdef…',
      'abcde…',
      'abc…',
      'ab…',
      '…',
    ]);
    fc.assert(
      fc.property(fc.array(anyText), fc.integer({ min: 1, max: 30 }), (texts, width) => {
        expect(
          lineWidth(
            fitLine(
              texts.map((text) => ({ text })),
              width,
            ),
          ),
        ).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('goes on below its own beginning, broken between words only', () => {
    expect(wrapLine('Done: all five trials ran', 22)).toEqual(['Done: all five', '  trials ran']);
    expect(wrapLine('  passes    HOME LANG PATH TERM USER', 28)).toEqual([
      '  passes    HOME LANG PATH TERM',
      '            USER',
    ]);
    expect(wrapLine('  activation=relu units=64 rate=0.1', 28)).toEqual(['  activation=relu units=64', '  rate=0.1']);
    expect(wrapLine('a\n/a/very/long/path/that/is/one/word', 10)).toEqual(['a', '/a/very/long/path/that/is/one/word']);
    expect(wrapLine('a line as long as it likes', Number.POSITIVE_INFINITY)).toEqual(['a line as long as it likes']);
  });

  test('keeps its styles where a line of several spans is broken', () => {
    const line = [{ text: '  note  ', style: 'dim' as const }, { text: 'no number of it says anything at all' }];
    const drawn = wrapSpans(line, 30);
    expect(drawn.map(createPainter(false))).toEqual(['  note  no number of it says', '        anything at all']);
    expect(drawn[0]?.[0]).toEqual({ text: '  note  ', style: 'dim' });
    expect(drawn[1]?.every(({ style }) => style === undefined)).toBe(true);
  });

  test('is padded by the columns it takes, not by its characters', () => {
    expect(pad('学', 4)).toBe('学  ');
    expect(pad('7', 3, 'start')).toBe('  7');
    expect(pad('long', 2)).toBe('long');
  });

  test('becomes one line of bounded length', () => {
    expect(oneLine('  a\n\n b\tc ')).toBe('a b c');
    expect(oneLine('word '.repeat(1_000), 11)).toBe('word word…');
  });

  test('carries colour only when asked to', () => {
    const line = [{ text: 'best', style: 'green' as const }];
    expect(createPainter(true)(line)).toBe('\u001b[32mbest\u001b[39m');
    expect(createPainter(false)(line)).toBe('best');
  });
});
