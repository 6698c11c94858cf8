import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { cellText, codeBlock, codeSpan, cutText, inlineText, markupText, tailOf } from '../../report/untrusted.ts';
import { printable } from '../../study/printable.ts';

/** The least careful reader: raw HTML allowed, bare addresses made into links. */
const careless = new MarkdownIt({ html: true, linkify: true });
// Like code hosts: addresses, www. and e-mail become links, a bare word.tld (train.py would be one) does not.
careless.linkify.set({ fuzzyLink: false });

/** Strings that look like markup more often than chance would have it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '!',
        '|',
        '~',
        '#',
        '-',
        '\\',
        '\n',
        '$',
        ':',
        '"',
        "'",
      ),
      fc.constantFrom(
        '<script>',
        '</',
        'http://a.example',
        'www.b.example',
        'me@c.example',
        '![x](y)',
        '<!--',
        '```',
        '&lt;',
      ),
      fc.constantFrom('\u001b[31m', '\u001b]8;;http://d.example\u0007', '\u202e', '\u0000', '\ud800', 'word', ' '),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('untrusted text', () => {
  it('makes no link of one address glued to another', () => {
    expect(careless.render(inlineText('me@c.example.me@c.example'))).not.toContain('href');
  });

  it('becomes words and nothing else in a paragraph, even for a reader that allows HTML', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = careless.render(`Said: ${inlineText(text)}`);
        expect(page.replaceAll(/<\/?p>/g, '')).not.toMatch(/<[a-z!/]/i);
      }),
    );
  });

  it('cannot leave its table cell or its code span', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = careless.render(
          `| a | b | c |\n| --- | --- | --- |\n| ${cellText(text)} | ${codeSpan(text)} | end |`,
        );
        expect(page.match(/<td>/g)?.length).toBe(3);
        expect(page).toContain('<td>end</td>');
        expect(page).not.toMatch(/<(?!\/?(?:table|thead|tbody|tr|th|td|code)\b)/);
      }),
    );
  });

  it('cannot close the fence around it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = careless.render(codeBlock(text));
        expect(page).toMatch(/^<pre><code>[^<]*<\/code><\/pre>\n$/);
      }),
    );
  });

  it('says what it said: plain words come out as they went in', () => {
    const words = 'learning_rate 0.003, batch_size 64: 2 * 3 < 7 & [see] `this` – 100 % | done';
    expect(careless.renderInline(inlineText(words)).replaceAll('&lt;', '<').replaceAll('&amp;', '&')).toBe(words);
    expect(inlineText('learning_rate was 0.003')).toBe('learning_rate was 0.003');
  });

  it('loses terminal escapes, control bytes, reordering marks and half characters', () => {
    expect(
      printable(
        'a\u001b[1;31mb\u001b[0m\u001b]8;;http://x\u0007c\u001b]8;;\u0007\u0000\u0008d\u202ee\u009bf\r\ng\ud800',
      ),
    ).toBe('abcdef\ng\ufffd');
  });

  it('is cut to a length with a statement of how much is gone', () => {
    expect(cutText('abcdefghij', 4)).toBe('abcd … (6 more characters cut)');
    expect(cutText('short', 10)).toBe('short');
    expect(tailOf(Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n'), 2)).toBe(
      '… (only the end is shown)\nline 28\nline 29',
    );
  });

  it('is text in SVG and HTML', () => {
    expect(markupText('<a href="x">\'&\u0007')).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
  });
});
