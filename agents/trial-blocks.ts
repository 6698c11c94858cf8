import { defaultTrial } from '../study/comparable.ts';
import type { History } from '../study/history.ts';
import { short, shortValues } from '../study/short-values.ts';
import { cutToLine, cutToSentence } from '../study/text-cuts.ts';
import {
  differingNames,
  type Failure,
  type Hyperparameters,
  type Proposal,
  type Trial,
  type TrialResult,
} from '../study/trial.ts';
import { cutStart } from '../tools/cut-text.ts';
import { shortNumber } from '../tools/short-json.ts';
import { toldResult } from '../tools/told-result.ts';
import { toPromptBlock } from './prompt-block.ts';
import { type PromptStyle, TASK_PROSE } from './prompt-style.ts';
import type { TaskBackground } from './task-blocks.ts';

const TASK_CHARACTERS = 160;
const TAIL_CHARACTERS = 600;
const WHY_CHARACTERS = 300;

/** What the Executor may know of the task: an ablation tells less of it. */
export interface ToldOfTask {
  readonly task: TaskBackground;
  /** `full` unless an ablation says otherwise. */
  readonly taskInfo?: PromptStyle['taskInfo'];
}

/** A trial as the Executor is told of it; the proposal’s values with every digit, because WriteConfigs takes no others. */
export function trialBlock(trial: Trial, history: History, told: ToldOfTask): string {
  const { hyperparameters } = trial.proposal;
  return toPromptBlock('trial', { ...handOver(trial, history, told), hyperparameters });
}

/** A finished trial as its summariser is told of it. */
export function resultBlock(trial: Trial, result: TrialResult, history: History, told: ToldOfTask): string {
  const { failure } = result;
  return toPromptBlock('result', {
    ...handOver(trial, history, told),
    hyperparameters: shortValues(trial.proposal.hyperparameters),
    ...toldResult(result, history.objective.metric, 'sampled'),
    outputTail: failure && beyondMessage(failure),
  });
}

/** What one says when handing a trial over: the task, the best so far, what is changed and why, what is expected. */
function handOver(trial: Trial, history: History, { task, taskInfo = 'full' }: ToldOfTask): Record<string, unknown> {
  const { incumbent, objective } = history;
  const { rationale, expects } = trial.proposal;
  return {
    task: describeTask(TASK_PROSE[taskInfo](task)),
    objective: {
      metric: objective.metric,
      direction: objective.direction,
      ...(objective.constraints.length > 0 && { onlyCountsIf: objective.constraints }),
    },
    incumbent: incumbent && {
      trial: incumbent.number,
      value: shortNumber(incumbent.value),
      train: shortNumber(incumbent.curve?.training),
    },
    trial: trial.number,
    ...changesOf(trial.proposal, history),
    why: rationale && cutToLine(rationale, WHY_CHARACTERS),
    expects,
  };
}

/** The end of the output, where it says more than the message that was taken from it. */
function beyondMessage({ message, tail }: Failure): string | undefined {
  return message.includes(tail.trim()) ? undefined : cutStart(tail, TAIL_CHARACTERS);
}

/** `Handwritten digits: Train a small network …`, the description’s first sentences. */
function describeTask({ title, description, dataset }: Partial<TaskBackground>): string | undefined {
  const parts = [title, description ?? dataset].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : cutToSentence(parts.join(': '), TASK_CHARACTERS);
}

/** What a proposal is based on and how it departs from there: `{ learning_rate: "0.01 → 0.03" }`. */
function changesOf({ origin, basedOn, advice, hyperparameters }: Proposal, history: History): Record<string, unknown> {
  if (origin === 'default') return { basedOn: 'the task’s defaults, unchanged' };
  if (basedOn === undefined) {
    const { incumbent } = history;
    return advice === undefined || incumbent === undefined
      ? {}
      : { changesFromIncumbent: changesBetween(incumbent.proposal.hyperparameters, hyperparameters) };
  }
  const base = basedOn === 'default' ? defaultTrial(history) : history.trial(basedOn);
  const from = base?.proposal.hyperparameters ?? history.space.defaults();
  return { basedOn: describeBase(basedOn, base, history), changes: changesBetween(from, hyperparameters) };
}

function changesBetween(before: Hyperparameters, after: Hyperparameters): Record<string, string> {
  const [from, to] = [shortValues(before), shortValues(after)];
  return Object.fromEntries(differingNames(to, from).map((name) => [name, `${word(from, name)} → ${word(to, name)}`]));
}

function describeBase(basedOn: number | 'default', base: Trial | undefined, { incumbent }: History): string {
  const name = basedOn === 'default' ? 'the default' : `trial ${basedOn}`;
  if (base === undefined) return name;
  const isDefault = basedOn === 'default' ? `, trial ${base.number}` : '';
  if (base.number === incumbent?.number) return `${name}${isDefault}, the incumbent`;
  const train = base.curve?.training === undefined ? '' : `, train ${short(base.curve.training)}`;
  return `${name}${isDefault}: ${base.value === undefined ? base.state : shortNumber(base.value)}${train}`;
}

function word(values: Hyperparameters, name: string): string {
  return name in values ? String(values[name]) : 'inactive';
}
