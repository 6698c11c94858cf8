import type { Valued } from '../study/comparable.ts';
import { type Hyperparameter, type HyperparameterValue, isNumeric, toUnit } from '../study/hyperparameter.ts';
import { type Direction, isBetter, toLoss } from '../study/objective.ts';
import { FEWEST_TRIALS, type Importance } from './importance.ts';
import { mean, median, rankCorrelation } from './statistics.ts';

/** What the trials with one value of a parameter did. */
export interface ValueGroup {
  readonly value: HyperparameterValue;
  readonly trials: number;
  readonly mean: number;
  readonly median: number;
  readonly best: number;
}

/** What a hyperparameter did, over the complete trials in which it was active. */
export interface ParameterEffect {
  readonly parameter: Hyperparameter;
  readonly importance: Importance;
  /** Rank correlation of the parameter (number or place in the order) with the metric itself; from 8 trials on. */
  readonly correlation?: number;
  /** For numbers: what was tried, and where the best quarter (at least 3 trials) lies. */
  readonly tried?: readonly [number, number];
  readonly bestRegion?: { readonly low: number; readonly high: number; readonly trials: number; readonly of: number };
  /** For choices, orders and flags: one group per value tried, in the space’s order. */
  readonly groups?: readonly ValueGroup[];
}

export function effectOf(
  parameter: Hyperparameter,
  importance: Importance,
  trials: readonly Valued[],
  direction: Direction,
): ParameterEffect {
  const active = trials.filter(({ proposal }) => parameter.name in proposal.hyperparameters);
  const points = active.map((trial) => ({
    tried: trial.proposal.hyperparameters[parameter.name] ?? null,
    metric: trial.value,
  }));
  const hasOrder = isNumeric(parameter) || parameter.type === 'ordinal';
  const correlation =
    hasOrder && points.length >= FEWEST_TRIALS
      ? rankCorrelation(
          points.map(({ tried }) => toUnit(parameter, tried)),
          points.map(({ metric }) => metric),
        )
      : undefined;
  return {
    parameter,
    importance,
    ...(correlation !== undefined && { correlation }),
    ...(isNumeric(parameter) ? numericEffect(points, direction) : { groups: groupsOf(parameter, points, direction) }),
  };
}

interface Point {
  readonly tried: HyperparameterValue;
  readonly metric: number;
}

function numericEffect(points: readonly Point[], direction: Direction): Pick<ParameterEffect, 'tried' | 'bestRegion'> {
  if (points.length === 0) return {};
  const tried = spanOf(points);
  if (points.length < FEWEST_TRIALS) return { tried };
  const count = Math.max(3, Math.round(points.length / 4));
  const best = [...points].sort((a, b) => toLoss(a.metric, direction) - toLoss(b.metric, direction)).slice(0, count);
  const [low, high] = spanOf(best);
  return { tried, bestRegion: { low, high, trials: count, of: points.length } };
}

function spanOf(points: readonly Point[]): [number, number] {
  const values = points.map(({ tried }) => Number(tried));
  return [Math.min(...values), Math.max(...values)];
}

function groupsOf(parameter: Hyperparameter, points: readonly Point[], direction: Direction): ValueGroup[] {
  const values = [...new Set(points.map(({ tried }) => tried))];
  values.sort((a, b) => toUnit(parameter, a) - toUnit(parameter, b));
  return values.map((value) => {
    const metrics = points.filter(({ tried }) => tried === value).map(({ metric }) => metric);
    const best = metrics.reduce((a, b) => (isBetter(b, a, direction) ? b : a));
    return { value, trials: metrics.length, mean: mean(metrics), median: median(metrics), best };
  });
}
