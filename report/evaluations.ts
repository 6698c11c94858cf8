import { isValued } from '../study/comparable.ts';
import type { Evaluation, History } from '../study/history.ts';
import { improvement } from '../study/objective.ts';

/** An evaluation in which both configurations got a value. */
export interface ValuedEvaluation extends Evaluation {
  readonly bestValue: number;
  readonly defaultValue: number;
  /** How much better the best was: positive is better, whatever the direction. */
  readonly lead: number;
}

/** The evaluations of the present winner with the present code; of two with the same metric and seed, the later. */
export function evaluationsOf(history: History): ValuedEvaluation[] {
  const { incumbent, codeHash, evaluations, objective } = history;
  if (incumbent === undefined || !isValued(incumbent)) return [];
  const latest = new Map<string, ValuedEvaluation>();
  for (const evaluation of evaluations) {
    const { trial, bestValue, defaultValue, by, metric, seed } = evaluation;
    if (trial !== incumbent.number || evaluation.codeHash !== codeHash) continue;
    if (bestValue === null || defaultValue === null) continue;
    const lead = improvement(bestValue, defaultValue, objective.direction);
    latest.set(JSON.stringify([by, metric, seed]), { ...evaluation, bestValue, defaultValue, lead });
  }
  return [...latest.values()];
}

/** Those that say what another seed changes: judged by the study’s own metric, trained with another seed than its trials. */
export function repeatsOf(evaluations: readonly ValuedEvaluation[], studySeed: number): ValuedEvaluation[] {
  return evaluations.filter(({ by, seed }) => by === 'objective' && seed !== studySeed);
}
