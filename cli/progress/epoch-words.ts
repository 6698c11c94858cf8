import { formatMeasure, formatNumber } from '../numbers.ts';
import { oneLine, type Span } from '../terminal-text.ts';

const STEP_NAMES = ['epoch', 'step', 'iteration', 'iter', 'global_step'];

/** The newest row of a training log: the step first, then the objective’s metric, then the rest as the script wrote it. */
export function epochSpans(row: Readonly<Record<string, number>>, metric: string): Span[] {
  const stepName = STEP_NAMES.find((name) => name in row);
  const rest = Object.keys(row).filter((name) => name !== stepName && name !== metric);
  const named = (name: string, show: (value: number) => string): string =>
    `${oneLine(name, 40)} ${show(row[name] ?? Number.NaN)}`;
  const step: Span[] = stepName === undefined ? [] : [{ text: named(stepName, formatNumber) }];
  const objective: Span[] = metric in row ? [{ text: named(metric, formatMeasure), style: 'bold' }] : [];
  const others = rest.map((name): Span => ({ text: named(name, formatMeasure), style: 'dim' }));
  return [...step, ...objective, ...others].flatMap((span, index) => (index === 0 ? [span] : [{ text: '  ' }, span]));
}
