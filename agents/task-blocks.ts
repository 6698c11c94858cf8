import type { History } from '../study/history.ts';
import type { HyperparameterSpec } from '../study/hyperparameter-spec.ts';
import { expectationsOf } from '../study/lessons.ts';
import { compressMemory, finishedInOrder, type Memory } from '../study/memory.ts';
import type { Objective } from '../study/objective.ts';
import { REGION_COLUMNS, type Regions } from '../study/regions.ts';
import type { Task } from '../study/task.ts';
import { cutToSentence } from '../study/text-cuts.ts';
import { toPromptBlock } from './prompt-block.ts';
import { type PromptStyle, TASK_PROSE, TOLD_FIELDS, USUAL_STYLE } from './prompt-style.ts';
import { readmeExcerpt } from './readme-excerpt.ts';

/** Characters of a task’s description and of its README that prompts carry. */
export const DESCRIPTION_CHARACTERS = 1_500;
export const README_CHARACTERS = 250;
/** That a look back is told: the latest. */
const EXPECTATIONS = 3;

const ABOUT_REGIONS =
  'what the trials at these values reached, the default apart; movedWith: hyperparameters whose effects cannot be told apart';

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
export function taskBlock(task: TaskBackground, style: PromptStyle = USUAL_STYLE): string {
  const { description, readme, ...facts } = TASK_PROSE[style.taskInfo](task);
  const { metric, direction, constraints } = task.objective;
  const space = task.space.toSpec();
  return toPromptBlock('task', {
    ...facts,
    description: description && cutToSentence(description, DESCRIPTION_CHARACTERS),
    readme: readme && readmeExcerpt(readme, README_CHARACTERS),
    standInData: task.dataIsStandIn ? STAND_IN_NOTE : undefined,
    caveat: task.profile?.caveat,
    objective: { metric, direction, ...(constraints.length > 0 && { onlyCountsIf: constraints }) },
    fixed: task.fixed.length === 0 ? undefined : Object.fromEntries(task.fixed.map(({ name, value }) => [name, value])),
    hyperparameters: Object.entries(space.hyperparameters).map(([name, spec]) => ({ name, ...toldOf(spec, style) })),
    constraints: space.constraints,
  });
}

function toldOf(spec: HyperparameterSpec, { space, taskInfo }: PromptStyle): HyperparameterSpec {
  const told = [...TOLD_FIELDS[space], ...(taskInfo === 'full' ? ['description' as const] : [])];
  const fields = Object.entries(spec).filter(([field]) => told.some((each) => each === field));
  return Object.fromEntries(fields) as unknown as HyperparameterSpec; // a part of `spec`, its type always among it
}

/**
 * The finished trials, line by line: it only grows at its end, but for the rare leap that leaves its oldest out. What is
 * said of those changes with the leap alone, so it stands before the lines.
 */
export function logBlock({ columns, leftOut, lines }: Pick<Memory, 'columns' | 'leftOut' | 'lines'>): string {
  return toPromptBlock('log', {
    columns,
    ...(leftOut !== null && {
      leftOut: `the first ${leftOut.trials} trials; of these, the best and what each region reached:`,
      best: leftOut.best,
      ...regionsOf(leftOut),
    }),
    lines,
  });
}

/** Where the study stands before the proposal of `trial`: what the log does not show at a glance. */
export function turnBlock(memory: Memory, trial: number): string {
  const { incumbent, counts, leftOut, underWay, lessons } = memory;
  return toPromptBlock('turn', {
    incumbent,
    default: leftOut === null ? undefined : memory.default, // else its line is there
    trial,
    counts,
    ...filled({ underWay, ...effectsOf(memory), lessons }),
  });
}

/** The whole study, looked back upon. */
export function studyBlock(history: History): string {
  const memory = compressMemory(history);
  const { columns, leftOut, lines, counts, incumbent } = memory;
  const best = leftOut?.best ?? [];
  return toPromptBlock('study', {
    stopped: history.end?.message,
    counts,
    incumbent,
    default: memory.default,
    columns,
    lines: [...best, ...lines],
    ...(leftOut !== null && {
      leftOut: `${leftOut.trials - best.length} of the first ${leftOut.trials} trials; regions count them`,
    }),
    ...filled({ ...effectsOf(memory), expectations: expectationsOf(history, finishedInOrder(history), EXPECTATIONS) }),
    ...regionsOf(memory),
  });
}

/** What the trials tell of each hyperparameter, of failures and of chance. */
function effectsOf({ alone, neverAlone, neverVaried, seldomActive, failures, variation }: Memory) {
  const isEveryOne = [Object.keys(alone), neverVaried, seldomActive].every(({ length }) => length === 0);
  const together = isEveryOne && neverAlone.length > 0 ? 'all' : neverAlone;
  return { alone, neverAlone: together, neverVaried, seldomActive, failures, variation };
}

function regionsOf({ regions, movedWith }: Regions): Record<string, unknown> {
  return Object.keys(regions).length === 0
    ? {}
    : { aboutRegions: ABOUT_REGIONS, regionColumns: REGION_COLUMNS, regions, ...filled({ movedWith }) };
}

/** Without what is empty: it would only cost tokens. */
function filled<Part extends object | string>(
  parts: Readonly<Record<string, Part | undefined>>,
): Record<string, Part | undefined> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part ?? {}).length > 0));
}

/** `minimize validation_loss (its last value counts)`. */
export function describeObjective({ metric, direction, at }: Objective): string {
  return `${direction} ${metric} (its ${at} value counts)`;
}
