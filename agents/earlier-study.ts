import type { History } from '../study/history.ts';
import { improvement } from '../study/objective.ts';
import { short, shortValues } from '../study/short-values.ts';
import { toPromptBlock } from './prompt-block.ts';
import { renderPrompt } from './render-prompt.ts';

/** Lines of an earlier study, its best ones; the optimiser learns from all of them. */
const BEST_LINES = 10;

/** What the Creator is told of the study that this one was started from; nothing where there is none. */
export function earlierStudyPrompt({ start, space, objective }: History): string[] {
  const { warmStart } = start;
  if (warmStart === undefined || warmStart.trials.length === 0) return [];
  const best = warmStart.trials
    .toSorted((a, b) => improvement(b.value, a.value, objective.direction) || a.trial - b.trial)
    .slice(0, BEST_LINES);
  const lines = best.map(({ hyperparameters, value }) => {
    const known = shortValues(hyperparameters);
    return [short(value), ...space.names.map((name) => known[name] ?? null)];
  });
  const block = { trials: warmStart.trials.length, columns: ['value', ...space.names], lines };
  return [renderPrompt('creator-earlier', { study: warmStart.study, earlier: toPromptBlock('earlier', block) })];
}
