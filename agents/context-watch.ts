import type { ModelAccess } from './model-access.ts';

/** A prompt is warned of when it takes this share of the model’s context: some trials before it would be refused. */
const NEAR = 0.8;

/** How long a prompt may become, and who is told when it comes near. */
export interface ContextWatch {
  readonly contextTokens: number;
  readonly warn: (text: string) => void;
}

/** Access that warns, once, before a request whose prompt (all that is sent, by a high estimate) comes near the model’s context. */
export function watchingContext(access: ModelAccess, { contextTokens, warn }: ContextWatch): ModelAccess {
  let isSaid = false;
  const watch = (promptTokens: number) => {
    if (isSaid || promptTokens < NEAR * contextTokens) return;
    isSaid = true;
    warn(
      `The chat prompt takes about ${promptTokens} of the model’s ${contextTokens} tokens; beyond them the model refuses it (--prompt compressed stays short).`,
    );
  };
  return {
    ...access,
    reserve: (promptTokens) => {
      watch(promptTokens);
      return access.reserve(promptTokens);
    },
  };
}
