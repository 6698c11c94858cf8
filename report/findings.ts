import { comparableTrials } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { type Hyperparameter, type HyperparameterValue, isNumeric, toUnit, valuesOf } from '../study/hyperparameter.ts';
import type { Trial } from '../study/trial.ts';
import type { ParameterEffect } from './parameter-effect.ts';
import { rankCorrelation } from './statistics.ts';

/** Something a person should know, computed from the log; the renderer has the words. */
export type Finding =
  | {
      readonly kind: 'edge';
      readonly name: string;
      readonly value: HyperparameterValue;
      readonly side: 'lower' | 'upper';
      /** `near`: within the last few per cent of the range. */
      readonly reach: 'at' | 'near';
      /** Whether complete trials had other values: one that all of them shared was not chosen by any result. */
      readonly isVaried: boolean;
    }
  | {
      readonly kind: 'still-improving' | 'overfitting';
      readonly best: boolean;
      readonly trials: readonly number[];
      readonly of: number;
    }
  | { readonly kind: 'diverged'; readonly trials: readonly number[] }
  | {
      readonly kind: 'moved-together';
      readonly first: string;
      readonly second: string;
      readonly correlation: number;
      readonly trials: number;
    }
  | { readonly kind: 'since-best'; readonly trial: number; readonly later: number }
  | { readonly kind: 'pruned' | 'broke-constraints'; readonly trials: readonly number[] };

/** A value this near (share of the scaled range) to an end lies on it. */
const AT_EDGE = 0.01;
const NEAR_EDGE = 0.03;
/** Parameters whose rank correlation over the trials is at least this cannot be told apart. */
const TOGETHER = 0.8;

export function findingsOf(history: History, effects: readonly ParameterEffect[]): Finding[] {
  const best = history.incumbent;
  return [
    ...(best === undefined ? [] : edgesOf(history, best)),
    ...curveFindings(history, best),
    ...sinceBest(history, best),
    ...movedTogether(history, effects),
    ...numbered(
      'pruned',
      history.trials.filter(({ state }) => state === 'pruned'),
    ),
    ...numbered(
      'broke-constraints',
      history.complete.filter(({ brokenConstraints }) => brokenConstraints.length > 0),
    ),
  ];
}

function edgesOf(history: History, best: Trial): Finding[] {
  return history.space.parameters.flatMap((parameter): Finding[] => {
    const { name } = parameter;
    const value = best.proposal.hyperparameters[name];
    if (value === undefined || !hasInterior(parameter)) return [];
    const unit = toUnit(parameter, value);
    const distance = Math.min(unit, 1 - unit);
    if (distance > NEAR_EDGE) return [];
    const side = unit < 0.5 ? 'lower' : 'upper';
    const reach = distance <= AT_EDGE ? 'at' : 'near';
    return [{ kind: 'edge', name, value, side, reach, isVaried: wasVaried(history, name) }];
  });
}

function wasVaried({ complete }: History, name: string): boolean {
  return new Set(complete.map(({ proposal }) => proposal.hyperparameters[name])).size > 1;
}

/** An end says something only where there is a middle. */
function hasInterior(parameter: Hyperparameter): boolean {
  if (!isNumeric(parameter) && parameter.type !== 'ordinal') return false;
  const values = valuesOf(parameter);
  return values === undefined || values.length > 2;
}

function curveFindings(history: History, best: Trial | undefined): Finding[] {
  const withCurve = history.complete.filter(({ curve }) => curve !== undefined && curve.points > 1);
  const among = (kind: 'still-improving' | 'overfitting', chosen: readonly Trial[]): Finding[] =>
    chosen.length === 0
      ? []
      : [
          {
            kind,
            best: chosen.some(({ number }) => number === best?.number),
            trials: numbersOf(chosen),
            of: withCurve.length,
          },
        ];
  const diverged = history.trials.filter(({ failure, curve }) => failure?.cause === 'diverged' || curve?.diverged);
  return [
    ...among(
      'still-improving',
      withCurve.filter(({ curve }) => curve?.stillImproving),
    ),
    ...among(
      'overfitting',
      withCurve.filter(({ curve }) => curve?.overfitting),
    ),
    ...numbered('diverged', diverged),
  ];
}

function sinceBest(history: History, best: Trial | undefined): Finding[] {
  if (best === undefined) return [];
  const later = history.finished.filter((trial) => trial.number > best.number && history.isCurrent(trial)).length;
  return later >= 5 ? [{ kind: 'since-best', trial: best.number, later }] : [];
}

function movedTogether(history: History, effects: readonly ParameterEffect[]): Finding[] {
  const ordered = effects
    .map(({ parameter }) => parameter)
    .filter((parameter) => isNumeric(parameter) || parameter.type === 'ordinal');
  const trials = comparableTrials(history);
  return ordered.flatMap((first, index) =>
    ordered.slice(index + 1).flatMap((second): Finding[] => {
      const both = trials
        .map(({ proposal }) => proposal.hyperparameters)
        .filter((values) => first.name in values && second.name in values);
      if (both.length < 8) return [];
      const places = (parameter: Hyperparameter) =>
        both.map((values) => toUnit(parameter, values[parameter.name] ?? null));
      const correlation = rankCorrelation(places(first), places(second));
      if (correlation === undefined || Math.abs(correlation) < TOGETHER) return [];
      return [{ kind: 'moved-together', first: first.name, second: second.name, correlation, trials: both.length }];
    }),
  );
}

function numbered(kind: 'pruned' | 'broke-constraints' | 'diverged', trials: readonly Trial[]): Finding[] {
  return trials.length === 0 ? [] : [{ kind, trials: numbersOf(trials) }];
}

function numbersOf(trials: readonly Trial[]): number[] {
  return trials.map(({ number }) => number);
}
