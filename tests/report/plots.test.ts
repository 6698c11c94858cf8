import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, valueAxis } from '../../report/plots/axis.ts';
import { drawPlots, type Plot } from '../../report/plots/draw-plots.ts';
import { spreadLabels } from '../../report/plots/frame.ts';
import { analysisOf } from './make-facts.ts';
import { aCurve, type TrialStory } from './make-history.ts';

function trialsWith(values: readonly (number | undefined)[]): TrialStory[] {
  return values.map((value, n) => {
    const hyperparameters = {
      learning_rate: 10 ** (-1 - (n % 9) / 3),
      optimizer: 'adam',
      batch_size: [32, 64][n % 2] ?? 32,
      nesterov: n % 3 === 0,
    };
    if (value === undefined) return { hyperparameters, failure: { cause: 'diverged', message: 'NaN' } };
    return { hyperparameters, value, curve: aCurve(value) };
  });
}

function plotsOf(values: readonly (number | undefined)[]): Plot[] {
  return drawPlots(analysisOf({ trials: trialsWith(values) }));
}

const many = (count: number, of: (index: number) => number | undefined) =>
  Array.from({ length: count }, (_, index) => of(index));

describe('plots', () => {
  it.each<[string, (number | undefined)[]]>([
    ['one trial', [0.5]],
    ['three trials', [0.5, 0.4, 0.6]],
    ['failures among them', [0.5, undefined, 0.4, undefined]],
    ['one value only', many(12, () => 0.25)],
    ['zeros', many(5, () => 0)],
    ['negative values', many(20, (n) => -3 + Math.sin(n))],
    ['huge outliers', many(20, (n) => (n === 7 ? 1e30 : n === 3 ? -1e12 : 1 + Math.sin(n)))],
    ['values over many decades', many(60, (n) => 10 ** -(n % 14))],
    ['tiny differences', many(10, (n) => 1 + n * 1e-12)],
  ])('draw %s without a number that is none', (_, values) => {
    const plots = plotsOf(values);
    expect(plots.length).toBeGreaterThan(0);
    for (const { svg } of plots) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(new Resvg(svg).render().width).toBeGreaterThan(0); // parses as XML, or throws
      const coordinates = [...svg.matchAll(/ (?:x|y|cx|cy|x1|y1|x2|y2)="(-?[\d.]+)"/g)].map(([, written]) =>
        Number(written),
      );
      expect(Math.min(...coordinates)).toBeGreaterThanOrEqual(-10);
      expect(Math.max(...coordinates)).toBeLessThan(2000);
    }
  });

  it('leave out what there is no data for', () => {
    expect(plotsOf([undefined, undefined])).toEqual([]);
    expect(plotsOf([0.5]).map(({ name }) => name)).toEqual(['best-so-far', 'learning-curves']);
    expect(plotsOf([0.5, 0.4, 0.3]).map(({ name }) => name)).toEqual([
      'best-so-far',
      'learning-curves',
      'hyperparameters',
    ]);
  });

  it('are the same text for the same study', () => {
    expect(plotsOf([0.5, 0.4, undefined])).toEqual(plotsOf([0.5, 0.4, undefined]));
  });

  it('mark failures by crosses, the defaults by a line and the best by its number', () => {
    const [plot] = plotsOf([0.5, undefined, 0.4]);
    expect(plot?.svg).toContain('the defaults (0.5)');
    expect(plot?.svg).toContain('best so far (0.4 in trial 3)');
    expect(plot?.svg.match(/stroke="#c4302b"/g)?.length).toBe(2); // in the legend and at trial 2
    expect(plot?.svg).toContain('val_loss (lower is better)');
  });

  it('begin the best so far anew where the code changed', () => {
    const trials = trialsWith([0.1, 0.5, 0.4]).map((trial, index) =>
      index === 1 ? { ...trial, resumedWith: 'code-2' } : trial,
    );
    const [plot] = drawPlots(analysisOf({ trials }));
    expect(plot?.svg).toContain('code changed');
    expect(plot?.svg).toContain('best so far (0.4 in trial 3)');
    expect(plot?.svg).not.toContain('the defaults');
  });

  it('read curves from the training logs, with the log’s own steps and gaps where it has NaN', () => {
    const rows = [1, 2, 3, 4].map((epoch) => ({ epoch, val_loss: epoch === 2 ? Number.NaN : 1 / epoch }));
    const plots = drawPlots(analysisOf({ trials: trialsWith([0.25]) }, {}, new Map([[1, rows]])));
    const curves = plots.find(({ name }) => name === 'learning-curves');
    expect(curves?.svg).toContain('>epoch</text>');
    expect(curves?.svg).toContain('trial 1: 0.25');
  });
});

describe('axes', () => {
  it('label powers of ten cleanly', () => {
    const labels = logAxis(1e-5, 0.1, { from: 0, to: 100 }).ticks.map(({ label }) => label);
    expect(labels).toEqual(['1e-5', '1e-4', '1e-3', '0.01', '0.1']);
    expect(logAxis(8, 300, { from: 0, to: 100 }).ticks.map(({ label }) => label)).toEqual(['10', '30', '100', '300']);
  });

  it('are logarithmic only for positive values over a wide span', () => {
    const at = { from: 0, to: 100 };
    expect(valueAxis([0.001, 1], at).isLog).toBe(true);
    expect(valueAxis([-1, 1000], at).isLog).toBe(false);
    expect(valueAxis([0.5, 0.9], at).isLog).toBe(false);
  });

  it('leave far outliers beyond their end, never what must be seen', () => {
    const values = [-1, -2, -3, -2, -1, -2, -3, 1e9];
    expect(valueAxis(values, { from: 0, to: 100 }).isBeyond(1e9)).toBe(true);
    expect(valueAxis(values, { from: 0, to: 100, always: [1e9] }).isBeyond(1e9)).toBe(false);
  });

  it('write decimals as many as the step needs', () => {
    expect(linearAxis(0, 0.2, { from: 0, to: 100, ticks: 4 }).ticks.map(({ label }) => label)).toEqual([
      '0',
      '0.05',
      '0.10',
      '0.15',
      '0.20',
    ]);
  });

  it('push labels apart and keep them inside', () => {
    const placed = spreadLabels([50, 51, 52, 99], 17, 0, 100);
    const sorted = placed.toSorted((a, b) => a - b);
    expect(sorted.slice(1).every((y, index) => y - (sorted[index] ?? 0) >= 17)).toBe(true);
    expect(Math.max(...placed)).toBeLessThanOrEqual(100);
  });
});
