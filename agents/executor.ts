import { messageOf } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import type { TrialResult } from '../study/trial.ts';
import { cutMiddle } from '../tools/cut-text.ts';
import { createExecutePythonFileTool } from '../tools/execute-python-file.ts';
import { createLoadTrainingLogsTool } from '../tools/load-training-logs.ts';
import { createReadConfigsTool } from '../tools/read-configs.ts';
import type { TrialSession } from '../tools/trial-session.ts';
import { createWriteConfigsTool } from '../tools/write-configs.ts';
import { viewAfterTraining, viewBeforeTraining } from './executor-view.ts';
import type { ModelAccess } from './model-access.ts';
import { runReactAgent } from './react-agent.ts';
import { renderPrompt } from './render-prompt.ts';
import { finishSession, type SessionExecutor } from './session-executor.ts';
import { isOnlySilence, silenceIn } from './silence.ts';
import { type ToldOfTask, trialBlock } from './trial-blocks.ts';
import { SUMMARY_CHARACTERS, summarizeByCode } from './trial-summary.ts';

/** Model calls of one trial. A well-behaved model needs two to five. */
const MAX_STEPS = 8;

export interface AgentExecutorDeps extends ToldOfTask {
  readonly access: ModelAccess;
  readonly history: History;
}

/**
 * The Executor (AgentHPO §3.2): an agent with four tools, bound to one trial. The tools hold the truth, the agent acts
 * and tells; whatever it does or fails to do, the trial ends as its training ended.
 */
export function createAgentExecutor(deps: AgentExecutorDeps): SessionExecutor {
  return {
    runTrial: async (session, signal) => {
      const { words, ...silence } = await converse(deps, session, signal);
      const result = await finishSession(session, signal);
      return result.state === 'interrupted' ? result : { ...result, ...summaryOf(words, result, deps), ...silence };
    },
  };
}

interface Told extends Pick<TrialResult, 'modelUnavailable'> {
  /** Empty when the agent had none, could not be reached, or was interrupted. */
  readonly words: string;
}

/** The agent’s closing words about the trial that it carried out. */
async function converse(deps: AgentExecutorDeps, session: TrialSession, signal: AbortSignal): Promise<Told> {
  const { access, history } = deps;
  const { trial } = session;
  try {
    const { text } = await runReactAgent({
      access,
      role: 'executor',
      trial: trial.number,
      systemPrompt: renderPrompt('executor-system'),
      prompt: renderPrompt('executor-trial', { trial: trialBlock(trial, history, deps) }),
      tools: [
        createReadConfigsTool({ session }),
        createWriteConfigsTool({ session }),
        createExecutePythonFileTool({ session, signal, metric: history.objective.metric }),
        createLoadTrainingLogsTool({ session, metric: history.objective.metric }),
      ],
      viewOf: (whole) => (session.result === undefined ? viewBeforeTraining(whole) : viewAfterTraining(whole)),
      maxSteps: MAX_STEPS,
      remind: () =>
        session.result === undefined ? 'The training has not run yet. Call ExecutePythonFile.' : undefined,
      signal,
    });
    return { words: session.result === undefined ? '' : text };
  } catch (error) {
    if (!isOnlySilence(error) && error !== signal.reason) throw error;
    access.transcript({
      role: 'executor',
      trial: trial.number,
      kind: 'outcome',
      text: `the agent stopped: ${messageOf(error)}`,
    });
    return { words: '', ...silenceIn(error) };
  }
}

function summaryOf(
  words: string,
  result: TrialResult,
  { access, history }: AgentExecutorDeps,
): Pick<TrialResult, 'summary' | 'summaryBy'> {
  if (words === '') return { summary: summarizeByCode(result, history.objective), summaryBy: 'code' };
  return { summary: cutMiddle(words, SUMMARY_CHARACTERS), summaryBy: access.model.isOffline ? 'offline' : 'model' };
}
