import type { History } from '../study/history.ts';
import { compressMemory } from '../study/memory.ts';
import type { Objective } from '../study/objective.ts';
import type { Task } from '../study/task.ts';
import { cutMiddle } from '../tools/cut-text.ts';
import { toPromptBlock } from './prompt-block.ts';

/** Characters of a task’s README and description that prompts carry. */
const PROSE_CHARACTERS = 1_500;

const STAND_IN_NOTE =
  'The data is not the dataset: it was generated to try the machinery. No value says anything about the real task.';

/** What the prompts tell of a task. */
export type TaskBackground = Pick<
  Task,
  | 'name'
  | 'title'
  | 'description'
  | 'dataset'
  | 'dataIsStandIn'
  | 'model'
  | 'goal'
  | 'profile'
  | 'readme'
  | 'objective'
  | 'space'
  | 'fixed'
>;

/** The task as every prompt of a study carries it, byte for byte: providers cache a prompt’s unchanging beginning. */
export function taskBlock(task: TaskBackground): string {
  const { hyperparameters, constraints } = task.space.toSpec();
  return toPromptBlock('task', {
    name: task.name,
    title: task.title,
    description: cutMiddle(task.description, PROSE_CHARACTERS),
    dataset: task.dataset,
    standInData: task.dataIsStandIn ? STAND_IN_NOTE : undefined,
    model: task.model,
    goal: task.goal,
    caveat: task.profile?.caveat,
    readme: task.readme === undefined ? undefined : cutMiddle(task.readme, PROSE_CHARACTERS),
    objective: task.objective,
    fixed: task.fixed.length === 0 ? undefined : Object.fromEntries(task.fixed.map(({ name, value }) => [name, value])),
    hyperparameters: Object.entries(hyperparameters).map(([name, { key: _, ...spec }]) => ({ name, ...spec })),
    constraints,
  });
}

/** The memory of a study for the proposal of `trial`. */
export function turnBlock(history: History, trial: number): string {
  return toPromptBlock('turn', { trial, budget: budgetLeft(history), ...compressMemory(history) });
}

/** The whole study, looked back upon. */
export function studyBlock(history: History): string {
  return toPromptBlock('study', { stopped: history.end?.message, ...compressMemory(history) });
}

/** `minimize validation_loss (value of the last row that has it)`. */
export function describeObjective({ metric, direction, at }: Objective): string {
  const row =
    at === 'last' ? 'the last row of the training log that has it counts' : 'its best value over the training counts';
  return `${direction} ${metric} (${row})`;
}

function budgetLeft(history: History): Record<string, number> {
  const { trials, maxSeconds, maxTokens } = history.budget;
  const { promptTokens, completionTokens } = history.usage();
  return {
    ...(trials !== undefined && { trialsLeft: Math.max(0, trials - history.finished.length) }),
    ...(maxSeconds !== undefined && { secondsLeft: Math.max(0, Math.round(maxSeconds - history.activeSeconds)) }),
    ...(maxTokens !== undefined && { tokensLeft: Math.max(0, maxTokens - promptTokens - completionTokens) }),
  };
}
