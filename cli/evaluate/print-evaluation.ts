import type { Direction } from '../../study/objective.ts';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { describeEvaluation, type EvaluationRow, leadOf, WITH_NEW_CODE } from './describe-evaluation.ts';
import { describePairs, leadsOf, spreadOf } from './describe-repeats.ts';

/** Both configurations under one seed. */
export interface EvaluatedSeed {
  readonly seed: number;
  readonly rows: readonly [best: EvaluationRow, reference: EvaluationRow];
}

/** What is printed beside the values. */
interface EvaluationFacts {
  readonly study: string;
  readonly standIn: boolean;
  readonly metric: string;
  readonly direction: Direction;
  readonly newCode: boolean;
}

interface Printed {
  readonly facts: EvaluationFacts;
  /** What the best gained in the study; null where that is another thing. */
  readonly studyLead: number | null;
  readonly asJson: boolean;
}

/** On stdout, to a person or as JSON: one seed as two rows, several as a table with their means. */
export function printEvaluation({ stdout }: Context, evaluated: readonly EvaluatedSeed[], printed: Printed): void {
  const [only, another] = evaluated;
  if (only === undefined) throw new Error('nothing was evaluated');
  const { json, lines } = another === undefined ? ofOneSeed(only, printed) : ofSeeds(evaluated, printed);
  stdout.write(printed.asJson ? jsonLine(json) : `${lines.join('\n')}\n`);
}

interface Shown {
  readonly json: object;
  readonly lines: readonly string[];
}

function ofOneSeed({ seed, rows }: EvaluatedSeed, { facts, studyLead }: Printed): Shown {
  const { metric, direction, newCode: isNewCode } = facts;
  const lead = leadOf(rows, direction, studyLead);
  return {
    json: { ...facts, seed, results: rows.map((row) => ({ ...row, metric })), ...lead },
    lines: describeEvaluation({ rows, lead, metric, direction, seed, isNewCode }),
  };
}

function ofSeeds(evaluated: readonly EvaluatedSeed[], { facts }: Printed): Shown {
  const pairs = evaluated.map(({ seed, rows: [best, reference] }) => {
    return { seed, best: best.value, default: reference.value, failure: best.failure ?? reference.failure };
  });
  const spread = {
    best: spreadOf(pairs.map(({ best }) => best)),
    default: spreadOf(pairs.map((pair) => pair.default)),
    lead: spreadOf(leadsOf(pairs, facts.direction)),
  };
  return {
    json: { ...facts, seeds: pairs, ...spread },
    lines: [...describePairs(pairs, facts), ...(facts.newCode ? [WITH_NEW_CODE] : [])],
  };
}
