import { comparableTrials } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { improvement } from '../study/objective.ts';
import { short, shortValues } from '../study/short-values.ts';
import type { Dialogue } from './chat-dialogue.ts';
import { earlierStudyPrompt } from './earlier-study.ts';
import { toPromptBlock } from './prompt-block.ts';
import { renderPrompt } from './render-prompt.ts';
import { userWords } from './user-words.ts';

/** Scored configurations that a prompt shows at most: as many as the authors’ code for linear regression. */
const SHOWN = 20;

/**
 * OPRO’s meta-prompt (Yang et al., "Large Language Models as Optimizers", arXiv 2309.03409, §2.2 and §3.1): the task, the
 * best configurations with their scores, worst first, and the wish for a better one. No reasons, curves, lessons or failures.
 */
export function oproDialogue(history: History, task: string): Dialogue {
  const { metric, direction } = history.objective;
  const parts = [
    renderPrompt('creator-task', { task }),
    ...earlierStudyPrompt(history),
    ...userWords(history),
    renderPrompt('creator-opro', {
      metric,
      better: direction === 'minimize' ? 'lower' : 'higher',
      scores: scoresBlock(history),
    }),
  ];
  return { earlier: [], prompt: parts.join('\n\n') };
}

/** The best valid trials of the current code; models attend most to what stands last. */
function scoresBlock(history: History): string {
  const { space, objective } = history;
  const best = comparableTrials(history)
    .filter(({ brokenConstraints }) => brokenConstraints.length === 0)
    .toSorted((a, b) => improvement(a.value, b.value, objective.direction) || a.number - b.number)
    .slice(-SHOWN);
  const rows = best.map(({ value, proposal }) => {
    const values = shortValues(proposal.hyperparameters);
    return [...space.names.map((name) => values[name] ?? null), short(value)];
  });
  return toPromptBlock('scores', { columns: [...space.names, objective.metric], rows });
}
