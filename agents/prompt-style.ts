import type { HyperparameterSpec } from '../study/hyperparameter-spec.ts';
import { renderPrompt } from './render-prompt.ts';
import type { TaskBackground } from './task-blocks.ts';

/**
 * How the Creator is asked: the variants that Zhang et al. ("Using Large Language Models for Hyperparameter
 * Optimization") compare, and OPRO’s meta-prompt. Each choice names data (a prompt file, or which facts are told); none changes what is valid.
 */
export interface PromptStyle {
  /** One message with the whole log, the study’s whole dialogue, or the best configurations with their scores alone. */
  readonly prompt: 'compressed' | 'chat' | 'opro';
  /** Whether the model is asked to think aloud before it answers. */
  readonly reasoning: 'on' | 'off';
  /** Whether the model is told that it is an expert. */
  readonly expert: 'on' | 'off';
  /** Whether ranges and scales are told, or the types alone. What is proposed outside is rejected either way. */
  readonly space: 'bounded' | 'free';
  readonly taskInfo: 'none' | 'dataset' | 'full' | 'wrong';
  /** Whether the model is told that the process is deterministic and its loss nonnegative. */
  readonly hintDeterministic: boolean;
}

export const USUAL_STYLE: PromptStyle = {
  prompt: 'compressed',
  reasoning: 'off',
  expert: 'on',
  space: 'bounded',
  taskInfo: 'full',
  hintDeterministic: false,
};

const PERSONA = { on: 'creator-expert', off: 'creator-plain' } as const;
const REASONING = { on: 'creator-reasoning', off: 'creator-no-reasoning' } as const;

/** The same in every turn of a study, so that providers can cache it; `hasOptimiser`: there is one beside the Creator. */
export function creatorSystemPrompt(
  { prompt, expert, reasoning, hintDeterministic }: PromptStyle,
  hasOptimiser = false,
): string {
  const persona = renderPrompt(PERSONA[expert]);
  const hint = hintDeterministic ? renderPrompt('creator-deterministic') : '';
  const rendered =
    prompt === 'opro'
      ? renderPrompt('creator-opro-system', {
          persona,
          reasoning: reasoning === 'on' ? renderPrompt(REASONING.on) : '',
          hint,
        })
      : renderPrompt('creator-system', {
          persona,
          reasoning: renderPrompt(REASONING[reasoning]),
          hint,
          optimiser: hasOptimiser ? renderPrompt('creator-hybrid') : '',
        });
  return rendered.replaceAll(/\n{3,}/g, '\n\n');
}

type Prose = Pick<TaskBackground, 'name' | 'title' | 'description' | 'dataset' | 'model' | 'goal' | 'readme'>;

/** Which of a task’s facts in prose the prompt tells. */
export const TASK_PROSE: Readonly<Record<PromptStyle['taskInfo'], (task: TaskBackground) => Partial<Prose>>> = {
  none: () => ({}),
  dataset: ({ dataset }) => ({ dataset }),
  full: ({ name, title, description, dataset, model, goal, readme }) => ({
    name,
    title,
    description,
    dataset,
    model,
    goal,
    readme,
  }),
  // Whatever else describes the task would give the lie away.
  wrong: ({ dataset, model }) => ({ dataset, model: wrongModel(model) }),
};

function wrongModel(model = ''): string {
  const isTrees = /tree|forest|boost/i.test(model);
  return isTrees
    ? 'A long short-term memory network with two layers.'
    : 'A gradient-boosted ensemble of decision trees (XGBoost).';
}

/** What the prompt tells of a hyperparameter’s values. The choices of an enumeration are its type. */
export const TOLD_FIELDS: Readonly<Record<PromptStyle['space'], readonly (keyof HyperparameterSpec)[]>> = {
  bounded: ['type', 'range', 'scale', 'step', 'choices', 'values', 'default', 'when'],
  free: ['type', 'choices', 'values', 'default', 'when'],
};
