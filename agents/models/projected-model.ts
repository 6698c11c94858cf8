import { BaseChatModel, type BindToolsInput } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { differingNames, type Hyperparameters } from '../../study/trial.ts';

/** As long as what models write. */
const REASON = 'The trials around the best so far point this way, and it was not tried yet.';

/**
 * A Creator’s model for projections of prompts that the embedded model cannot read: it looks into the log once, then proposes
 * what `next` answers, with a reason for each value that differs from the defaults.
 */
export class ProjectedChatModel extends BaseChatModel {
  readonly #next: () => Promise<Hyperparameters>;
  readonly #defaults: Hyperparameters;

  constructor(defaults: Hyperparameters, next: () => Promise<Hyperparameters>) {
    super({});
    this.#defaults = defaults;
    this.#next = next;
  }

  override _llmType(): string {
    return 'projected';
  }

  override bindTools(_: BindToolsInput[]) {
    return this.withConfig({});
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const call = ToolMessage.isInstance(messages.at(-1)) ? await this.#proposal() : { name: LOOK, args: {} };
    const id = `projected${messages.length}`;
    const message = new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id, ...call }] });
    return { generations: [{ text: '', message }] };
  }

  async #proposal() {
    const hyperparameters = await this.#next();
    const reasons = differingNames(hyperparameters, this.#defaults).map((name) => [name, REASON]);
    const answer = { expects: { outcome: 'better' }, intent: 'explore', rationale: REASON };
    const args = { basedOn: 'default', hyperparameters, reasons: Object.fromEntries(reasons), ...answer };
    return { name: 'ProposeTrial', args };
  }
}

const LOOK = 'LoadExperimentLogs';
