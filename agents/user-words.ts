import type { History } from '../study/history.ts';
import { shortValues } from '../study/short-values.ts';
import { hintsOf, TOLD_INPUTS } from '../study/user-inputs.ts';
import { renderPrompt } from './render-prompt.ts';

/**
 * What the user told the Creator: hints, and why proposals were turned down. Quoted as JSON strings, so that it is plain
 * where their words end; bounded by {@link TOLD_INPUTS} of each. Empty when they said nothing.
 */
export function userWords(history: History): string[] {
  const hints = hintsOf(history).slice(-TOLD_INPUTS);
  const refusals = history.refusals.slice(-TOLD_INPUTS);
  if (hints.length + refusals.length === 0) return [];
  const lines = [
    ...hints.map((text) => `- A hint: ${JSON.stringify(text)}`),
    ...refusals.map(({ trial, hyperparameters, reason }) => {
      const why = reason === '' ? 'without a reason' : `because ${JSON.stringify(reason)}`;
      return `- They turned down ${JSON.stringify(shortValues(hyperparameters))} for trial ${trial}, ${why}. Do not propose it again.`;
    }),
  ];
  return [renderPrompt('creator-user', { words: lines.join('\n') })];
}
