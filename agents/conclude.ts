import type { History } from '../study/history.ts';
import type { Analysis } from '../study/roles.ts';
import { type Conclusion, createConcludeStudyTool } from '../tools/conclude-study.ts';
import type { ModelAccess } from './model-access.ts';
import { runReactAgent } from './react-agent.ts';
import { renderPrompt } from './render-prompt.ts';
import { studyBlock, type TaskBackground, taskBlock } from './task-blocks.ts';

/** One answer, and one more for a mistake that can be mended. */
const MAX_STEPS = 2;

/**
 * The final analysis in the paper’s three parts (AgentHPO §3.3); undefined when the model gave no usable one. An error
 * of the model propagates: the caller decides whether a finished study goes without.
 */
export async function conclude(
  { task, access }: { task: TaskBackground; access: ModelAccess },
  history: History,
  signal: AbortSignal,
): Promise<Analysis | undefined> {
  let conclusion: Conclusion | undefined;
  const concludeStudy = createConcludeStudyTool({
    names: history.space.names,
    conclude: (given) => {
      conclusion ??= given;
    },
  });
  await runReactAgent({
    access,
    role: 'report',
    systemPrompt: renderPrompt('conclude-system'),
    prompt: renderPrompt('conclude', { task: taskBlock({ ...task, readme: undefined }), study: studyBlock(history) }),
    tools: [concludeStudy],
    maxSteps: MAX_STEPS,
    maxReminders: 1,
    isDone: () => conclusion !== undefined,
    remind: () => 'The analysis counts only as a call of the tool ConcludeStudy. Call it now.',
    signal,
  });
  return conclusion && { ...conclusion, by: access.model.isOffline ? 'offline' : 'model' };
}
