import type { Axis } from './axis.ts';
import { COLOURS, line, text } from './svg.ts';

/** The rectangle in which data is drawn, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Grid lines and labels of a vertical axis, with its name above it. */
export function drawVertical(axis: Axis, { left, right, top }: Frame, name: string, size = 12): string[] {
  return [
    ...axis.ticks.flatMap(({ value, label }) => {
      const y = axis.position(value);
      return [
        line(left, y, right, y, COLOURS.grid),
        text(left - 8, y + 4, label, { anchor: 'end', size, fill: COLOURS.muted }),
      ];
    }),
    ...(name === '' ? [] : [text(20, top - 14, name, { size, fill: COLOURS.muted })]),
  ];
}

/** The base line, ticks and labels of a horizontal axis, with its name below it. */
export function drawHorizontal(axis: Axis, { left, right, bottom }: Frame, name: string, size = 12): string[] {
  return [
    line(left, bottom, right, bottom, COLOURS.axis),
    ...axis.ticks.flatMap(({ value, label }) => {
      const x = axis.position(value);
      return [
        line(x, bottom, x, bottom + 4, COLOURS.axis),
        text(x, bottom + 8 + size, label, { anchor: 'middle', size, fill: COLOURS.muted }),
      ];
    }),
    ...(name === ''
      ? []
      : [text((left + right) / 2, bottom + 26 + size, name, { anchor: 'middle', size, fill: COLOURS.muted })]),
  ];
}

/** Labels at wanted heights, pushed apart to at least `gap` pixels and kept between top and bottom. Same order as given. */
export function spreadLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let lowest = top;
  for (const label of order) {
    label.y = Math.max(label.y, lowest);
    lowest = label.y + gap;
  }
  let highest = bottom;
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, highest);
    highest = label.y - gap;
  }
  const placed = new Array<number>(wanted.length).fill(0);
  for (const { y, index } of order) placed[index] = y;
  return placed;
}
