import type { History } from '../study/history.ts';
import type { Memory } from '../study/memory.ts';
import type { TurnAdvice } from '../tools/turn-advice.ts';
import { describeBudgetLeft } from './budget-left.ts';
import { candidatesPrompt } from './optimiser-advice.ts';
import { renderPrompt } from './render-prompt.ts';
import { describeObjective, turnBlock } from './task-blocks.ts';
import { userWords } from './user-words.ts';

/**
 * The end of every prompt for a proposal: where the study stands, what is left of it, and what is asked; before that, the
 * user’s words and what the optimiser offers.
 */
export function renderTurn(history: History, memory: Memory, trial: number, advice?: TurnAdvice): string {
  const turn = renderPrompt('creator-turn', {
    turn: turnBlock(memory, trial),
    left: describeBudgetLeft(history, trial),
    trial: String(trial),
    objective: describeObjective(history.objective),
  });
  const offered = advice === undefined ? [] : [candidatesPrompt(advice, history)];
  return [...userWords(history), ...offered, turn].join('\n\n');
}
