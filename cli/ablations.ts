import type { PromptStyle } from '../agents/prompt-style.ts';
import { type Ablations, ablationsOf } from '../configs/ablations.ts';
import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import type { RoleModels } from './role-models.ts';

/** How the Creator is asked, as the agents know it. */
export function promptStyleOf(ablations: Ablations): PromptStyle {
  const { prompt, reasoning, expert, space, task_info: taskInfo, hint_deterministic: hintDeterministic } = ablations;
  return { prompt, reasoning, expert, space, taskInfo, hintDeterministic };
}

/** Throws `settings-invalid` for a style that the strategy or the model cannot follow; `orElse`: what else would mend it. */
export function assertStyleFits(settings: Settings, models: RoleModels, orElse = 'leave the setting out'): void {
  assertScoresAlone(settings);
  assertModelFollows(settings, models, orElse);
}

function assertScoresAlone({ strategy, prompt }: Settings): void {
  if (strategy !== 'hybrid' || prompt !== 'opro') return;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: 'prompt: opro tells the model scores alone; the strategy hybrid would tell it an optimiser’s predictions.',
    hint: 'Use --strategy creator, or --prompt compressed.',
  });
}

/** The embedded model reads ranges and the log as data. */
function assertModelFollows(settings: Settings, { creator }: RoleModels, orElse: string): void {
  const isCreatorOffline = isCreatorStrategy(settings.strategy) && creator === 'offline';
  if (!isCreatorOffline && !settings.fallback_models.includes('offline')) return;
  const unfit = [
    ...(settings.prompt === 'compressed' ? [] : [`prompt: ${settings.prompt}`]),
    ...(settings.space === 'free' ? ['space: free'] : []),
  ];
  if (unfit.length === 0) return;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: `${unfit.join(' and ')} needs a language model; the embedded one reads the log and the ranges as data.`,
    hint: isCreatorOffline
      ? `Name a language model with --model, or ${orElse}.`
      : `Name a language model with --fallback-model instead of offline, or ${orElse}.`,
  });
}

/** What of these settings differs from the usual, in words; undefined for a study like any other. */
export function describeAblation(ablations: Ablations): string | undefined {
  const usual: Readonly<Record<string, unknown>> = ablationsOf({} as Ablations); // every setting has a default
  const changed = Object.entries(ablations)
    .filter(([name, value]) => name !== 'context_tokens' && value !== usual[name])
    .map(([name, value]) => `${name.replaceAll('_', '-')} ${value}`);
  return changed.length === 0 ? undefined : `ablation: ${changed.join(', ')}`;
}
