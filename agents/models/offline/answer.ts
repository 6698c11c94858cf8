import { analyze } from './analyst-role.ts';
import type { Conversation } from './conversation.ts';
import { proposeNext } from './creator-role.ts';
import { carryOut, tellResult } from './executor-role.ts';

/** What the embedded model says next: prose, or tool calls. */
export interface OfflineAnswer {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly args: Record<string, unknown> }[];
}

/** The role follows from the tools at hand, as it does for any model. */
export function answerOffline(conversation: Conversation, toolNames: readonly string[], seed: number): OfflineAnswer {
  if (toolNames.includes('ProposeTrial')) return proposeNext(conversation, seed);
  if (toolNames.includes('ExecutePythonFile')) return carryOut(conversation);
  if (toolNames.includes('ConcludeStudy')) return analyze(conversation);
  return tellResult(conversation);
}
