import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import type { History } from '../study/history.ts';
import { compressMemory, finishedInOrder } from '../study/memory.ts';
import type { Trial } from '../study/trial.ts';
import { lineColumns, trialLine } from '../study/trial-line.ts';
import type { TurnAdvice } from '../tools/turn-advice.ts';
import { earlierStudyPrompt } from './earlier-study.ts';
import { renderPrompt } from './render-prompt.ts';
import { describeObjective, logBlock } from './task-blocks.ts';
import { renderTurn } from './turn-prompt.ts';

export interface Dialogue {
  /** What was said before this turn. */
  readonly earlier: readonly BaseMessage[];
  /** What is said now. */
  readonly prompt: string;
}

/**
 * The study as one dialogue (Zhang et al.’s chat prompt): each proposal as the model called it, each answer to it, each
 * result. It is computed from the log, so that a resumed study continues the same dialogue; it grows with every trial.
 */
export function chatDialogue(history: History, task: string, number: number, advice?: TurnAdvice): Dialogue {
  const messages: BaseMessage[] = [];
  const told = new Set<number>();
  let unsaid = join(renderPrompt('creator-task', { task }), ...earlierStudyPrompt(history));
  const sayResults = (finished: readonly Trial[]) => {
    const fresh = finished.filter((trial) => !told.has(trial.number));
    for (const trial of fresh) told.add(trial.number);
    if (fresh.length === 0) return;
    const words = messages.length === 0 ? 'creator-log' : 'creator-results';
    unsaid = join(unsaid, renderPrompt(words, { log: resultsBlock(fresh, history) }));
  };
  for (const trial of history.current.filter(isModels)) {
    sayResults(finishedInOrder(history).filter(({ finishedAt = '' }) => finishedAt <= trial.proposedAt));
    messages.push(new HumanMessage(join(unsaid, ask(history, trial.number))), ...answersOf(trial, history));
    unsaid = '';
  }
  sayResults(finishedInOrder(history));
  return { earlier: messages, prompt: join(unsaid, renderTurn(history, compressMemory(history), number, advice)) };
}

function isModels({ proposal: { origin, fallback } }: Trial): boolean {
  return origin === 'creator' && fallback !== true;
}

function resultsBlock(trials: readonly Trial[], { space }: History): string {
  return logBlock({
    columns: lineColumns(space),
    leftOut: null,
    lines: trials.map((trial) => trialLine(trial, space)),
  });
}

function ask(history: History, trial: number): string {
  return `Propose trial ${trial}: ${describeObjective(history.objective)}.`;
}

/** The calls that led to a trial, refused ones first, each with the answer it got. */
function answersOf({ number, proposal }: Trial, history: History): BaseMessage[] {
  const refused = history.rejections.filter(({ trial }) => trial === number);
  const { basedOn, hyperparameters, reasons, expects, intent, rationale, advice } = proposal;
  const base = basedOn === undefined ? { candidate: advice?.candidate.number } : { basedOn };
  return [
    ...refused.flatMap((each, index) =>
      exchange(
        `${number}r${index}`,
        { hyperparameters: each.hyperparameters },
        { kind: 'rejected', violations: each.violations },
      ),
    ),
    ...exchange(
      String(number),
      { ...base, hyperparameters, reasons, expects, intent, rationale },
      { kind: 'accepted' },
    ),
  ];
}

function exchange(label: string, args: Record<string, unknown>, answer: Record<string, unknown>): BaseMessage[] {
  // Nine letters and digits: the one form of an id that every provider accepts.
  const id = `t${label.padStart(8, '0')}`;
  const name = 'ProposeTrial';
  return [
    new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id, name, args }] }),
    new ToolMessage({ tool_call_id: id, name, content: JSON.stringify(answer) }),
  ];
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
