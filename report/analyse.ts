import { type AdviceTally, adviceRecord } from '../study/advice-record.ts';
import { codeOf, codeVersions, comparableTrials, defaultTrial, isValued, type Valued } from '../study/comparable.ts';
import type { History, Refusal, StudyEnd } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { type Objective, toLoss } from '../study/objective.ts';
import type { Analysis } from '../study/roles.ts';
import type { SearchSpace } from '../study/search-space.ts';
import type { Trial, TrialState } from '../study/trial.ts';
import { type TrivialBaseline, trivialBaseline } from '../study/trivial.ts';
import { hintsOf } from '../study/user-inputs.ts';
import { type Claim, claimsOf } from './claims.ts';
import { type Confirmation, confirmationOf } from './confirmation.ts';
import { type Cost, costOf } from './cost.ts';
import { evaluationsOf, type ValuedEvaluation } from './evaluations.ts';
import { checkExpectation, type ExpectationCheck, type ExpectationRecord, expectationRecord } from './expectation.ts';
import type { Curves, ReportFacts } from './facts.ts';
import { type FailureGroup, failuresByCause, type RejectionGroup, rejectionsByKind } from './failures.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type ImportanceResult, importanceOf } from './importance.ts';
import { gainOf, type Noise, noiseOf, type Significance, significanceOf } from './noise.ts';
import { effectOf, type ParameterEffect } from './parameter-effect.ts';

/** A trial with what the report adds to it. */
export interface ReportedTrial {
  readonly trial: Trial;
  readonly expectation?: ExpectationCheck;
  /** Which code it ran, counted from 1 in order of appearance; undefined when it never started. */
  readonly codeVersion?: number;
}

/** The winner against the task’s defaults. */
export interface Comparison {
  readonly default: Valued;
  /** Positive means that the winner is better; `relative` to the default’s value. */
  readonly gain: { readonly absolute: number; readonly relative?: number };
  /** undefined when the noise is unknown. */
  readonly significance?: Significance;
}

/** Everything a report says, before it is put into words. Computed from the log, the facts and the curves alone. */
export interface ReportAnalysis {
  readonly facts: ReportFacts;
  readonly study: History['start'];
  /** The main models one after another; empty when none takes part. */
  readonly models: History['models'];
  readonly space: SearchSpace;
  readonly objective: Objective;
  readonly end?: StudyEnd;
  readonly startedAt: string;
  readonly trials: readonly ReportedTrial[];
  readonly states: Readonly<Partial<Record<TrialState, number>>>;
  /** The code versions in order of appearance; the last stands for what “current” means. */
  readonly codeVersions: readonly string[];
  readonly currentCode: string;
  /** Complete trials of the current code: what every comparison rests on. */
  readonly compared: readonly Valued[];
  readonly best?: Valued;
  readonly comparison?: Comparison;
  /** What is reached without learning; undefined where the task does not say. */
  readonly trivial?: TrivialBaseline;
  /** The defaults’ values of the active parameters, and what the best configuration changes. */
  readonly defaults: Hyperparameters;
  readonly noise: Noise;
  /** The winner’s lead over the defaults under fresh seeds; undefined before two of them. */
  readonly confirmation?: Confirmation;
  /** The winner and the defaults trained again, with the code that is compared. */
  readonly evaluations: readonly ValuedEvaluation[];
  readonly effects: readonly ParameterEffect[];
  readonly permutations: ImportanceResult['permutations'];
  readonly findings: readonly Finding[];
  readonly failures: readonly FailureGroup[];
  readonly rejections: { readonly proposals: number; readonly kinds: readonly RejectionGroup[] };
  readonly fallbacks: readonly number[];
  /** The user’s own words to the Creator, and the proposals that they turned down. */
  readonly hints: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly expectations: ExpectationRecord;
  /** What became of proposals by how they stood to the optimiser’s candidates; empty without an optimiser. */
  readonly advice: readonly AdviceTally[];
  readonly cost: Cost;
  readonly conclusion?: { readonly analysis: Analysis; readonly claims: readonly Claim[] };
  readonly curves: Curves;
}

/** Pure: the same history, facts and curves give the same analysis. The history must hold its study-started event. */
export function analyse(history: History, { facts, curves }: { facts: ReportFacts; curves: Curves }): ReportAnalysis {
  const { objective, space } = history;
  const noise = noiseOf(history, facts.validationCount);
  const compared = comparableTrials(history);
  const importance = importanceOf(
    space,
    compared.map(({ proposal, value }) => ({
      hyperparameters: proposal.hyperparameters,
      loss: toLoss(value, objective.direction),
    })),
  );
  const effects = space.parameters.flatMap((parameter, index) => {
    const measured = importance.parameters[index];
    return measured === undefined ? [] : [effectOf(parameter, measured, compared, objective.direction)];
  });
  const versions = codeVersions(history);
  const trials = history.trials.map((trial) => reported(history, trial, noise, versions));
  const best = history.incumbent !== undefined && isValued(history.incumbent) ? history.incumbent : undefined;
  const comparison = best && comparisonOf(history, best, noise, compared.length);
  const analysis = history.end?.analysis;
  const confirmation = confirmationOf(history);
  const trivial = trivialBaseline(history);
  return {
    facts,
    study: history.start,
    models: history.models,
    space,
    objective,
    ...(history.end && { end: history.end }),
    startedAt: history.startedAt,
    trials,
    states: countStates(history.trials),
    codeVersions: versions,
    currentCode: history.codeHash,
    compared,
    ...(best && { best }),
    ...(comparison && { comparison }),
    ...(trivial && { trivial }),
    defaults: space.defaults(),
    noise,
    ...(confirmation && { confirmation }),
    evaluations: evaluationsOf(history),
    effects,
    permutations: importance.permutations,
    findings: findingsOf(history, effects),
    failures: failuresByCause(space, history.trials),
    hints: hintsOf(history),
    refusals: history.refusals,
    rejections: { proposals: history.rejections.length, kinds: rejectionsByKind(history.rejections) },
    fallbacks: history.trials.filter(({ proposal }) => proposal.fallback === true).map(({ number }) => number),
    expectations: expectationRecord(trials),
    advice: adviceRecord(history),
    cost: costOf(history),
    ...(analysis && { conclusion: { analysis, claims: claimsOf(analysis, effects) } }),
    curves,
  };
}

function reported(history: History, trial: Trial, noise: Noise, versions: readonly string[]): ReportedTrial {
  const expectation = checkExpectation(history, trial, noise);
  const code = codeOf(trial);
  return {
    trial,
    ...(expectation && { expectation }),
    ...(code !== undefined && { codeVersion: versions.indexOf(code) + 1 }),
  };
}

function comparisonOf(history: History, best: Valued, noise: Noise, trials: number): Comparison | undefined {
  const reference = defaultTrial(history);
  if (reference === undefined) return undefined;
  const significance = significanceOf(noise, best.value, reference.value, trials);
  return {
    default: reference,
    gain: gainOf(history, best.value, reference.value),
    ...(significance && { significance }),
  };
}

function countStates(trials: readonly Trial[]): Partial<Record<TrialState, number>> {
  const states: Partial<Record<TrialState, number>> = {};
  for (const { state } of trials) states[state] = (states[state] ?? 0) + 1;
  return states;
}
