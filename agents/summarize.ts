import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { messageOf } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import { cutMiddle } from '../tools/cut-text.ts';
import { callModel } from './call-model.ts';
import type { Summarize } from './direct-executor.ts';
import type { ModelAccess } from './model-access.ts';
import { withOwnSignal } from './own-signal.ts';
import { renderPrompt } from './render-prompt.ts';
import { isOnlySilence, silenceIn } from './silence.ts';
import { resultBlock, type ToldOfTask } from './trial-blocks.ts';
import { SUMMARY_CHARACTERS } from './trial-summary.ts';

export interface SummarizeDeps extends ToldOfTask {
  readonly access: ModelAccess;
  readonly history: History;
}

/**
 * The direct executor’s one model call. A training is over when it is made, so a dead model, a spent budget or an
 * interruption costs only the model’s words: the answer is then without them, and the transcript says why.
 */
export function createSummarize(deps: SummarizeDeps): Summarize {
  const { access, history } = deps;
  return async (trial, result, signal) => {
    const systemPrompt = renderPrompt('summary-system');
    const prompt = renderPrompt('summary', { result: resultBlock(trial, result, history, deps) });
    const messages = [new SystemMessage(systemPrompt), new HumanMessage(prompt)];
    const line = { role: 'executor', trial: trial.number } as const;
    access.transcript({ ...line, kind: 'prompt', text: `${systemPrompt}\n\n${prompt}` });
    try {
      const reply = await withOwnSignal(signal, (own) => {
        const send = (chat: BaseChatModel) => chat.invoke(messages, { signal: own });
        return callModel({ access, ...line, messages, signal: own, send });
      });
      access.transcript({ ...line, kind: 'reply', text: reply.text });
      const summary = cutMiddle(reply.text.trim(), SUMMARY_CHARACTERS);
      return summary === '' ? {} : { summary, summaryBy: access.model.isOffline ? 'offline' : 'model' };
    } catch (error) {
      if (!isOnlySilence(error) && error !== signal.reason) throw error;
      access.transcript({
        ...line,
        kind: 'outcome',
        text: `no summary: ${messageOf(error)}`,
      });
      return silenceIn(error);
    }
  };
}
