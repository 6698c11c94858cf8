import type { EventOf } from '../study/events.ts';
import type { History } from '../study/history.ts';
import { compressMemory } from '../study/memory.ts';
import type { Analyst, Proposer } from '../study/roles.ts';
import type { Proposal, Trial } from '../study/trial.ts';
import { cutMiddle } from '../tools/cut-text.ts';
import { createLoadExperimentLogsTool } from '../tools/load-experiment-logs.ts';
import { createPredictOutcomeTool } from '../tools/predict-outcome.ts';
import type { ProposalForm, ProposedTrial } from '../tools/proposal-shape.ts';
import { createProposeTrialTool, type ProposalVerdict } from '../tools/propose-trial.ts';
import { createSuggestCandidatesTool } from '../tools/suggest-candidates.ts';
import type { TurnAdvice } from '../tools/turn-advice.ts';
import { chatDialogue, type Dialogue } from './chat-dialogue.ts';
import { conclude } from './conclude.ts';
import { type ContextWatch, watchingContext } from './context-watch.ts';
import { earlierStudyPrompt } from './earlier-study.ts';
import type { ModelAccess } from './model-access.ts';
import { oproDialogue } from './opro-dialogue.ts';
import { adviceFor, type Hybrid } from './optimiser-advice.ts';
import { creatorSystemPrompt, type PromptStyle, USUAL_STYLE } from './prompt-style.ts';
import { runReactAgent } from './react-agent.ts';
import { renderPrompt } from './render-prompt.ts';
import { logBlock, type TaskBackground, taskBlock } from './task-blocks.ts';
import { renderTurn } from './turn-prompt.ts';

/** Rejected proposals of one turn before a sampler’s point is used instead. */
const MAX_REJECTIONS = 3;
/** Model calls of one turn: two looks into the log beside the proposal and its repairs. */
const MAX_STEPS = MAX_REJECTIONS + 4;
/** A finite space of at most so many configurations is counted, to see whether it is used up. */
const COUNTABLE_CONFIGURATIONS = 5_000;
const RATIONALE_CHARACTERS = 1_000;
const REASON_CHARACTERS = 400;

export interface CreatorDeps {
  readonly task: TaskBackground;
  readonly access: ModelAccess;
  /** Of the final analysis; left out: the Creator’s own model. */
  readonly reportAccess?: ModelAccess;
  /** How the model is asked; left out: as usual. */
  readonly style?: PromptStyle;
  /** A dialogue grows with every trial: who is told when it comes near to the model’s context. */
  readonly chat?: ContextWatch;
  /** The strategy with an optimiser beside the model; left out: the model alone. */
  readonly hybrid?: Hybrid;
  /** Proposes where the model had nothing acceptable; its points keep their origin and are marked as fallback. */
  readonly fallback: Proposer;
  /** Puts a refused proposal on record before the model hears of it. */
  readonly record: (event: EventOf<'proposal-rejected'>) => void | Promise<void>;
}

/** The Creator (AgentHPO §3.1): proposes trials with a reason, and looks back over the finished study. */
export function createCreator(given: CreatorDeps): Proposer & Analyst {
  const { access, chat } = given;
  const isWatched = chat !== undefined && given.style?.prompt === 'chat';
  const deps = { ...given, access: isWatched ? watchingContext(access, chat) : access };
  return {
    propose: async (history, pending, count, signal) => {
      const proposals: Proposal[] = [];
      const underWay = [...pending];
      const firstNumber = 1 + Math.max(history.trials.length, ...pending.map(({ number }) => number));
      for (let number = firstNumber; proposals.length < count; number++) {
        const proposal = await proposeOne({
          ...deps,
          style: deps.style ?? USUAL_STYLE,
          history,
          underWay,
          number,
          signal,
        });
        if (proposal === undefined) break;
        proposals.push(proposal);
        underWay.push(asPending(proposal, number));
      }
      return proposals;
    },
    conclude: (history, signal) =>
      conclude({ task: deps.task, access: deps.reportAccess ?? deps.access }, history, signal),
  };
}

interface Turn extends CreatorDeps {
  readonly style: PromptStyle;
  readonly history: History;
  /** Trials of the log that have no end yet, and those promised in this call. */
  readonly underWay: readonly Trial[];
  readonly number: number;
  readonly signal: AbortSignal;
}

/** The next proposal; undefined when the space is used up. */
async function proposeOne(turn: Turn): Promise<Proposal | undefined> {
  const { history, underWay, fallback, signal } = turn;
  if (isUsedUp(history, underWay)) return undefined;
  const proposed = await askModel(turn);
  if (proposed !== undefined) return proposed;
  const [point] = await fallback.propose(history, underWay, 1, signal);
  return point && { ...point, fallback: true };
}

/** One conversation with the model; undefined when it ended without an accepted proposal. */
async function askModel(turn: Turn): Promise<Proposal | undefined> {
  const { access, history, underWay, number, style, hybrid, signal } = turn;
  let accepted: Proposal | undefined;
  let rejections = 0;
  const decided = async (proposed: ProposedTrial, verdict: ProposalVerdict) => {
    if (verdict.kind === 'accepted') accepted ??= toProposal(proposed, verdict, turn);
    else {
      rejections += 1;
      await recordRejection(turn, proposed, verdict.violations);
    }
  };
  const { space } = history;
  const form: ProposalForm = style.prompt === 'opro' ? 'values' : 'reasoned';
  const advice = hybrid && adviceFor(hybrid, turn);
  const alsoTaken = underWay
    .filter((trial) => history.trial(trial.number) === undefined)
    .map(({ proposal }) => proposal.hyperparameters)
    .concat(history.refusals.map(({ hyperparameters }) => hyperparameters));
  const dialogue = PROMPTS[style.prompt](turn, advice);
  await runReactAgent({
    access,
    role: 'creator',
    trial: number,
    systemPrompt: creatorSystemPrompt(style, advice !== undefined),
    ...dialogue,
    tools: [
      ...(form === 'values' ? [] : [createLoadExperimentLogsTool({ history })]),
      ...(advice === undefined
        ? []
        : [createSuggestCandidatesTool({ space, advice }), createPredictOutcomeTool({ history, advice })]),
      createProposeTrialTool({
        space,
        told: style.space,
        form,
        trials: history.trials,
        tried: history.current,
        alsoTaken,
        advice,
        decided,
      }),
    ],
    maxSteps: MAX_STEPS,
    isDone: () => accepted !== undefined || rejections >= MAX_REJECTIONS,
    remind: () => 'A proposal counts only as a call of the tool ProposeTrial. Call it now.',
    signal,
  });
  return accepted;
}

const PROMPTS: Readonly<Record<PromptStyle['prompt'], (turn: Turn, advice?: TurnAdvice) => Dialogue>> = {
  compressed: compressedPrompt,
  chat: ({ task, style, history, number }, advice) => chatDialogue(history, taskBlock(task, style), number, advice),
  opro: ({ task, style, history }) => oproDialogue(history, taskBlock(task, style)),
};

/** What never changes first, then what only grows, the volatile part last. One message: some servers refuse two in a row. */
function compressedPrompt({ task, style, history, number }: Turn, advice?: TurnAdvice): Dialogue {
  const memory = compressMemory(history);
  const parts = [
    renderPrompt('creator-task', { task: taskBlock(task, style) }),
    ...earlierStudyPrompt(history),
    renderPrompt('creator-log', { log: logBlock(memory) }),
    renderTurn(history, memory, number, advice),
  ];
  return { earlier: [], prompt: parts.join('\n\n') };
}

function toProposal(
  proposed: ProposedTrial,
  { hyperparameters, advice }: Extract<ProposalVerdict, { kind: 'accepted' }>,
  { access }: Turn,
): Proposal {
  const { basedOn, reasons = {}, rationale, expects, intent } = proposed;
  return {
    origin: originOf(access),
    hyperparameters,
    ...(rationale !== undefined && { rationale: cutMiddle(rationale, RATIONALE_CHARACTERS) }),
    reasons: Object.fromEntries(
      Object.entries(reasons).map(([name, reason]) => [name, cutMiddle(reason, REASON_CHARACTERS)]),
    ),
    ...(basedOn !== undefined && { basedOn }),
    ...(expects !== undefined && { expects }),
    ...(advice !== undefined && { advice }),
    ...(intent !== undefined && { intent }),
  };
}

async function recordRejection(
  { record, number, access }: Turn,
  { hyperparameters }: ProposedTrial,
  violations: readonly string[],
) {
  const origin = originOf(access);
  await record({
    event: 'proposal-rejected',
    trial: number,
    origin,
    hyperparameters: { ...hyperparameters },
    violations: [...violations],
  });
}

/** What the embedded model proposes is never presented as a language model’s. */
function originOf({ model }: ModelAccess): 'offline' | 'creator' {
  return model.isOffline ? 'offline' : 'creator';
}

function isUsedUp(history: History, underWay: readonly Trial[]): boolean {
  const all = history.space.enumerate(COUNTABLE_CONFIGURATIONS);
  const tried = [...history.current, ...underWay].map(({ proposal }) => proposal);
  const taken = [...tried, ...history.refusals].map(({ hyperparameters }) => hyperparameters);
  if (all === undefined || taken.length < all.length) return false;
  return all.every((values) => taken.some((each) => history.space.isSame(each, values)));
}

function asPending(proposal: Proposal, number: number): Trial {
  return { number, state: 'proposed', proposal, proposedAt: '', attempts: [], metrics: {}, brokenConstraints: [] };
}
