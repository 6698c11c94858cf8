import type { Direction } from '../../study/objective.ts';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import {
  DEFAULTS_WON,
  describeEvaluation,
  type EvaluationRows,
  isDefaultBest,
  leadOf,
  WITH_NEW_CODE,
} from './describe-evaluation.ts';
import { describePairs, describeSeeds, leadsOf, spreadOf } from './describe-repeats.ts';

/** Both configurations under one seed. */
export interface EvaluatedSeed {
  readonly seed: number;
  readonly rows: EvaluationRows;
}

/** What is printed beside the values. */
interface EvaluationFacts {
  readonly study: string;
  readonly standIn: boolean;
  readonly metric: string;
  readonly direction: Direction;
  readonly newCode: boolean;
  readonly passesSeed: boolean;
}

interface Printed {
  readonly facts: EvaluationFacts;
  /** What the best gained in the study; null where that is another thing. */
  readonly studyLead: number | null;
  readonly asJson: boolean;
}

/** On stdout, to a person or as JSON: one seed as two rows, several as a table with their means. */
export function printEvaluation({ stdout }: Context, evaluated: readonly EvaluatedSeed[], printed: Printed): void {
  const [first, second] = evaluated;
  if (first === undefined) throw new Error('nothing was evaluated');
  const isOne = second === undefined;
  const json = () => (isOne ? jsonOfOne(first, printed) : jsonOfSeeds(evaluated, printed));
  const lines = () => (isOne ? linesOfOne(first, printed) : linesOfSeeds(evaluated, printed));
  stdout.write(printed.asJson ? jsonLine(json()) : `${lines().join('\n')}\n`);
}

function jsonOfOne({ seed, rows }: EvaluatedSeed, { facts, studyLead }: Printed): object {
  const { metric, direction } = facts;
  const results = rows.map((row) => ({ ...row, metric }));
  return { ...facts, seed, results, ...leadOf(rows, direction, studyLead) };
}

function linesOfOne({ seed, rows }: EvaluatedSeed, { facts, studyLead }: Printed): string[] {
  const { metric, direction, newCode: isNewCode } = facts;
  const lead = leadOf(rows, direction, studyLead);
  return describeEvaluation({ rows, lead, metric, direction, seed, isNewCode });
}

function jsonOfSeeds(evaluated: readonly EvaluatedSeed[], { facts }: Printed): object {
  const pairs = pairsOf(evaluated);
  return {
    ...facts,
    seeds: pairs,
    best: spreadOf(pairs.map(({ best }) => best)),
    default: spreadOf(pairs.map((pair) => pair.default)),
    lead: spreadOf(leadsOf(pairs, facts.direction)),
  };
}

function linesOfSeeds(evaluated: readonly EvaluatedSeed[], { facts }: Printed): string[] {
  const pairs = pairsOf(evaluated);
  const values = pairs.map(({ seed, default: value }) => ({ seed, value }));
  const words = evaluated.every(({ rows }) => isDefaultBest(rows))
    ? [DEFAULTS_WON, ...describeSeeds(values, facts)]
    : describePairs(pairs, facts);
  return [...words, ...(facts.newCode ? [WITH_NEW_CODE] : [])];
}

function pairsOf(evaluated: readonly EvaluatedSeed[]) {
  return evaluated.map(({ seed, rows: [best, reference] }) => {
    return { seed, best: best.value, default: reference.value, failure: best.failure ?? reference.failure };
  });
}
