import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { randomSampler } from '../samplers/random.ts';
import { createSamplerProposer } from '../samplers/sampler-proposer.ts';
import type { EventBody, StudyEvent } from '../study/events.ts';
import { History } from '../study/history.ts';
import type { Trial, TrialResult } from '../study/trial.ts';
import type { TrialSession } from '../tools/trial-session.ts';
import { createCreator } from './creator.ts';
import { createAgentExecutor } from './executor.ts';
import { DEFAULT_CALL_LIMITS, type ModelAccess, type ModelRole } from './model-access.ts';
import { OfflineChatModel } from './models/offline-model.ts';
import { ProjectedChatModel } from './models/projected-model.ts';
import type { PromptStyle } from './prompt-style.ts';
import { createSummarize } from './summarize.ts';
import type { TaskBackground } from './task-blocks.ts';

/** Trials that are played through; what later ones take is what the last of these took. */
const PLAYED_TRIALS = 15;
/** A dialogue grows with every trial. */
const PLAYED_TRIALS_OF_CHAT = 200;
const CURVE_POINTS = 10;

export interface Projection {
  readonly task: TaskBackground;
  readonly trials: number;
  /** The points that the Creator proposes; 0 where it is not asked at all. */
  readonly creatorTrials: number;
  /** An optimiser offers it candidates. */
  readonly isHybrid?: boolean;
  /** How it is asked. */
  readonly style: PromptStyle;
  readonly executor: 'agent' | 'direct';
  readonly beginWithDefault: boolean;
}

/** Requests and a high estimate of their prompts’ tokens. */
export interface ProjectedUse {
  readonly requests: number;
  readonly promptTokens: number;
}

/**
 * What a study would send to its models when every answer is right the first time: its own prompts and tools, played
 * through in memory by the embedded model over made-up results. Starts no training, reaches no network.
 */
export async function projectStudy(plan: Projection): Promise<Record<ModelRole, ProjectedUse>> {
  const history = new History();
  const use = { creator: new Counter(creatorModel(plan, history)), executor: new Counter(), report: new Counter() };
  const log = (body: EventBody) => apply(history, body);
  log(startOf(plan));
  const creator = createCreator({
    task: plan.task,
    access: use.creator.access,
    reportAccess: use.report.access,
    fallback: { propose: async () => [] },
    style: plan.style,
    ...(plan.isHybrid === true && { hybrid: { seed: 0, overruleShare: 0 } }),
    record: () => undefined,
  });
  const { signal } = new AbortController();
  const played = Math.min(plan.trials, plan.style.prompt === 'chat' ? PLAYED_TRIALS_OF_CHAT : PLAYED_TRIALS);
  for (let number = 1; number <= played; number++) {
    for (const each of [use.creator, use.executor]) each.beginTrial();
    const isDefault = number === 1 && plan.beginWithDefault;
    const [proposed] = isDefault ? [] : await creator.propose(history, [], 1, signal);
    const proposal = proposed ?? { origin: 'default', hyperparameters: plan.task.space.defaults() };
    log({ event: 'trial-proposed', trial: number, proposal: { ...proposal, code: undefined } });
    const trial = history.trial(number);
    if (trial !== undefined) await execute(plan, trial, history, use.executor.access, signal);
    for (const event of endOf(number)) log(event);
  }
  const { creatorTrials } = plan;
  if (creatorTrials > 0) await creator.conclude(history, signal);
  const more = plan.trials - played;
  const nobody = { requests: 0, promptTokens: 0 };
  return {
    creator: creatorTrials > 0 ? use.creator.withMore(more, creatorTrials + (plan.beginWithDefault ? 1 : 0)) : nobody,
    executor: use.executor.withMore(more),
    report: use.report.withMore(0),
  };
}

/** The embedded model, where it can read what the Creator is asked. */
function creatorModel({ style, task: { space } }: Projection, history: History): BaseChatModel {
  if (style.prompt === 'compressed' && style.space === 'bounded') return new OfflineChatModel({ seed: 0 });
  const random = createSamplerProposer({ sampler: randomSampler, seed: 0 });
  const { signal } = new AbortController();
  return new ProjectedChatModel(space.defaults(), async () => {
    const [point] = await random.propose(history, [], 1, signal);
    return point?.hyperparameters ?? space.defaults();
  });
}

/** Counts what an agent sends, trial by trial. */
class Counter {
  readonly #chat: BaseChatModel;
  readonly #trials: ProjectedUse[] = [{ requests: 0, promptTokens: 0 }];

  constructor(chat: BaseChatModel = new OfflineChatModel({ seed: 0 })) {
    this.#chat = chat;
  }

  beginTrial(): void {
    this.#trials.push({ requests: 0, promptTokens: 0 });
  }

  /** With that many trials more, those after the `last` left out. */
  withMore(trials: number, last = Number.POSITIVE_INFINITY): ProjectedUse {
    const usual = this.#trials.at(-1) ?? { requests: 0, promptTokens: 0 };
    const all = [...this.#trials, ...Array.from({ length: trials }, () => usual)].slice(0, last + 1);
    return {
      requests: all.reduce((sum, { requests }) => sum + requests, 0),
      promptTokens: all.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    };
  }

  /** Its model, asked as a language model would be: each request is reserved first, and so counted. */
  get access(): ModelAccess {
    return {
      model: {
        chat: this.#chat,
        name: 'projection',
        isOffline: false,
        endpoint: null,
        keySource: null,
      },
      limits: DEFAULT_CALL_LIMITS,
      reserve: (promptTokens) => this.#add(promptTokens),
      recordUsage: () => undefined,
      transcript: () => undefined,
      costOf: () => null,
    };
  }

  #add(tokens: number): undefined {
    const { requests, promptTokens } = this.#trials.pop() ?? { requests: 0, promptTokens: 0 };
    this.#trials.push({ requests: requests + 1, promptTokens: promptTokens + tokens });
  }
}

async function execute(
  { executor, task }: Projection,
  trial: Trial,
  history: History,
  access: ModelAccess,
  signal: AbortSignal,
): Promise<void> {
  const result = resultOf(trial.number);
  if (executor === 'direct') await createSummarize({ access, history, task })(trial, result, signal);
  else await createAgentExecutor({ access, history, task }).runTrial(madeUpSession(trial, result), signal);
}

function madeUpSession(trial: Trial, result: TrialResult): TrialSession {
  const { hyperparameters } = trial.proposal;
  const text = Object.entries(hyperparameters).map(([name, value]) => `${name}: ${value}\n`);
  const report = { alreadyRun: false, exitCode: 0, outputTail: '' };
  let ended: TrialResult | undefined;
  return {
    trial,
    get result() {
      return ended;
    },
    readConfigs: async () => ({ file: 'config.yaml', text: text.join('') }),
    writeConfigs: async () => ({ kind: 'written', file: 'config.yaml' }),
    execute: async () => {
      ended = result;
      return { ...report, ...result };
    },
    loadTrainingLogs: async () => {
      const rows = (result.curve?.sample ?? []).map(([epoch, value]) => ({
        epoch,
        train_loss: value * 0.9,
        loss: value,
      }));
      return { rows, note: '' };
    },
  };
}

/** A falling curve whose end is another one for each trial. */
function resultOf(number: number): TrialResult {
  const end = 0.1 + ((number * 0.618034) % 1);
  const sample = Array.from({ length: CURVE_POINTS }, (_, index): [number, number] => [
    index + 1,
    end + 1.234567 / (index + 1),
  ]);
  const value = end + 1.234567 / CURVE_POINTS;
  const shape = { diverged: false, stillImproving: true, overfitting: false };
  const steps = { points: CURVE_POINTS, bestStep: CURVE_POINTS, lastStep: CURVE_POINTS };
  const curve = { ...shape, ...steps, first: end + 1.234567, last: value, best: value, sample };
  return { state: 'complete', metrics: { epoch: CURVE_POINTS, loss: value, wall_seconds: 60.12 }, value, curve };
}

function endOf(trial: number): EventBody[] {
  const { metrics, value, curve } = resultOf(trial);
  const attempt = { trial, attempt: 1 };
  const sample = (curve?.sample ?? []).map(([step, at]): [number, number] => [step, at]);
  return [
    { event: 'attempt-started', ...attempt, codeHash: '', configHash: '', timeLimitSeconds: 600 },
    {
      event: 'attempt-ended',
      ...attempt,
      outcome: 'exited',
      exitCode: 0,
      signal: null,
      wallSeconds: 60,
      peakMemoryBytes: null,
    },
    {
      event: 'trial-finished',
      trial,
      state: 'complete',
      metrics: { ...metrics },
      brokenConstraints: [],
      ...(value !== undefined && { value }),
      ...(curve && { curve: { ...curve, sample } }),
      summary:
        'The loss fell quickly at first, then slowly to its end; no overfitting was seen, and more may still help.',
      summaryBy: 'model',
    },
  ];
}

function startOf({ task, trials, executor }: Projection): EventBody {
  const { metric, direction, at, constraints } = task.objective;
  return {
    event: 'study-started',
    study: 'projection',
    task: task.name,
    strategy: 'creator',
    executor,
    model: null,
    seed: 0,
    space: task.space.toSpec(),
    objective: { metric, direction, at, constraints: [...constraints] },
    profile: null,
    budget: { trials },
    codeHash: '',
    prompts: {},
    standIn: false,
    versions: {},
  };
}

function apply(history: History, body: EventBody): void {
  const event: StudyEvent = { v: 1, seq: history.lastSeq + 1, at: new Date(0).toISOString(), ...body };
  history.apply(event);
}
