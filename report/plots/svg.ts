import { printable } from '../../study/printable.ts';
import { markupText } from '../untrusted.ts';

/** Colours that stay apart for colour-blind eyes (Okabe and Ito) on a light card, which reads in light and dark pages alike. */
export const COLOURS = {
  card: '#ffffff',
  border: '#d0d7de',
  text: '#1f2328',
  muted: '#59636e',
  grid: '#e6e9ed',
  axis: '#9aa4af',
  best: '#0072b2',
  trial: '#8fb8d6',
  reference: '#b35900',
  failure: '#c4302b',
  others: '#c3cad2',
  emphasised: ['#0072b2', '#d55e00', '#009e73', '#b5559a', '#a07800'],
} as const;

const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element; numbers are rounded to a hundredth of a pixel, undefined attributes left out. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) =>
      value === undefined ? [] : [` ${key}="${typeof value === 'number' ? rounded(value) : markupText(value)}"`],
    )
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly fill?: string;
  readonly weight?: number;
}

/** Words at a place; whatever they hold is shown as it is. */
export function text(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { anchor = 'start', size = 12, fill = COLOURS.text, weight } = style;
  const halo = { 'paint-order': 'stroke', stroke: COLOURS.card, 'stroke-width': 3, 'stroke-linejoin': 'round' };
  return element(
    'text',
    { x, y, 'text-anchor': anchor, 'font-size': size, fill, 'font-weight': weight, ...halo },
    markupText(words),
  );
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, more: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, stroke, ...more });
}

export function dot(x: number, y: number, radius: number, fill: string, more: Attributes = {}): string {
  return element('circle', { cx: x, cy: y, r: radius, fill, ...more });
}

export function cross(x: number, y: number, radius: number, stroke: string): string {
  const [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius].map(rounded);
  return element('path', {
    d: `M${left},${top}L${right},${bottom}M${left},${bottom}L${right},${top}`,
    stroke,
    'stroke-width': 1.8,
    fill: 'none',
  });
}

/** Stands for a value beyond an axis; points outwards. */
export function triangle(x: number, y: number, isUp: boolean, fill: string): string {
  const tip = isUp ? -5 : 5;
  const d = `M${rounded(x - 4.5)},${rounded(y - tip)}L${rounded(x + 4.5)},${rounded(y - tip)}L${rounded(x)},${rounded(y + tip)}Z`;
  return element('path', { d, fill });
}

/** A whole picture on its card, with a title and a description for those who cannot see it. */
export function picture(
  width: number,
  height: number,
  title: string,
  description: string,
  body: readonly string[],
): string {
  const card = element('rect', {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 8,
    fill: COLOURS.card,
    stroke: COLOURS.border,
  });
  const content = [
    element('title', {}, markupText(title)),
    element('desc', {}, markupText(description)),
    card,
    text(20, 30, shortened(title, 80), { size: 16, weight: 600 }),
    ...body,
  ].join('\n');
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': FONTS,
  };
  return `${element('svg', root, `\n${content}\n`)}\n`;
}

/** At most `limit` characters, the rest as an ellipsis. */
export function shortened(words: string, limit: number): string {
  const characters = [...printable(words).replaceAll(/\s+/g, ' ')];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, Math.max(1, limit - 1)).join('')}…`;
}

/** Roughly how wide words are set, in pixels: enough to keep legends apart. */
function widthOf(words: string, size = 12): number {
  return (
    [...words].reduce(
      (sum, character) => sum + (/[ilj.,:'|()[\]1 ]/.test(character) ? 0.36 : /[MW@mw—]/.test(character) ? 0.92 : 0.6),
      0,
    ) * size
  );
}

export interface LegendEntry {
  /** Draws the symbol around (x + 10, y), 20 pixels wide. */
  readonly symbol: (x: number, y: number) => string;
  readonly words: string;
}

/** Entries in a row from the left, wrapped at `right`; answers the drawing and the height it took. */
export function legend(
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  right: number,
): { drawn: string[]; height: number } {
  let [x, y] = [left, top];
  const drawn = entries.flatMap(({ symbol, words }) => {
    const width = 26 + widthOf(words) + 18;
    if (x > left && x + width > right) [x, y] = [left, y + 18];
    const parts = [symbol(x, y), text(x + 26, y + 4, words, { fill: COLOURS.muted })];
    x += width;
    return parts;
  });
  return { drawn, height: y - top + 18 };
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
