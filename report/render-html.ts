import MarkdownIt from 'markdown-it';
import type { Plot } from './plots/draw-plots.ts';
import { STYLESHEET } from './stylesheet.ts';
import { markupText } from './untrusted.ts';

/** Nothing is loaded, run, framed or sent, whatever the text may hold. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The report as one page that needs nothing else: pictures inlined, no script, no address to load from. Markup in the
 * Markdown is shown, not obeyed; a picture that is not one of `plots`, and every link, is shown as its words.
 */
export function renderHtml(markdown: string, plots: readonly Plot[]): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? 'agenthpo report';
  const page = renderer(plots);
  const plainTitle = page.renderInline(title).replaceAll(/<[^>]*>/g, '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="agenthpo">
<title>${plainTitle}</title>
<style>${STYLESHEET}</style>
</head>
<body>
<main>
${page.render(markdown).trim()}
</main>
</body>
</html>
`;
}

function renderer(plots: readonly Plot[]): MarkdownIt {
  const page = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable([
    'link',
    'autolink',
    'reference',
  ]);
  const { rules } = page.renderer;
  rules['image'] = (tokens, index) => {
    const { attrGet, content } = {
      attrGet: (name: string) => tokens[index]?.attrGet(name),
      content: tokens[index]?.content ?? '',
    };
    const plot = plots.find(({ file }) => file === attrGet('src'));
    return plot === undefined ? markupText(content) : `<span class="figure">${plot.svg.trim()}</span>`;
  };
  rules['table_open'] = () => '<div class="table"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
  rules['fence'] = (tokens, index) => fence(tokens[index]?.info ?? '', tokens[index]?.content ?? '');
  return page;
}

function fence(language: string, content: string): string {
  const lines = markupText(content).replace(/\n$/, '').split('\n');
  const shown = language.trim() === 'diff' ? lines.map(diffLine) : lines;
  return `<pre><code>${shown.join('\n')}</code></pre>\n`;
}

function diffLine(line: string): string {
  const kind = { '+': 'added', '-': 'removed', '@': 'place' }[line.slice(0, 1)];
  return kind === undefined ? line : `<span class="${kind}">${line}</span>`;
}
