import type { EventBody, EventOf, StudyEvent } from '../../study/events.ts';
import { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import type { Objective } from '../../study/objective.ts';
import type { SearchSpaceSpec } from '../../study/search-space.ts';
import type { CurveDigest, Failure, Proposal } from '../../study/trial.ts';

/** A trial as a test tells it; what is left out is what is usual. */
export interface TrialStory {
  readonly hyperparameters: Hyperparameters;
  /** Default: `complete` with a value, `failed` with a failure, else `proposed`. */
  readonly state?: 'complete' | 'pruned' | 'failed' | 'timed-out' | 'running' | 'interrupted' | 'proposed';
  readonly value?: number;
  readonly proposal?: Partial<Omit<Proposal, 'code'>>;
  readonly failure?: Partial<Failure>;
  readonly curve?: CurveDigest;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly brokenConstraints?: readonly string[];
  readonly summary?: string;
  readonly withheld?: readonly string[];
  readonly wallSeconds?: number | null;
  /** The study is resumed with this code before the trial. */
  readonly resumedWith?: string;
  /** Violations of proposals sent back before this one was taken. */
  readonly rejections?: readonly (readonly string[])[];
  /** Model calls before this trial. */
  readonly calls?: readonly Partial<EventOf<'model-called'>>[];
}

export interface HistoryStory {
  readonly space?: SearchSpaceSpec;
  readonly objective?: Partial<Objective>;
  readonly start?: Partial<EventOf<'study-started'>>;
  readonly trials: readonly TrialStory[];
  /** How it ended; left out: it is still running. */
  readonly end?: EventOf<'study-finished'> | EventOf<'study-paused'>;
  /** What was evaluated or confirmed when it had ended. */
  readonly after?: readonly EventOf<'evaluation-finished' | 'confirmation-trained'>[];
}

export const SMALL_SPACE: SearchSpaceSpec = {
  hyperparameters: {
    learning_rate: { type: 'float', range: [1e-5, 1e-1], scale: 'log', default: 1e-3 },
    optimizer: { type: 'categorical', choices: ['adam', 'sgd'], default: 'adam' },
    momentum: { type: 'float', range: [0.8, 0.99], default: 0.9, when: { optimizer: 'sgd' } },
    batch_size: { type: 'ordinal', values: [32, 64, 128, 256], default: 64 },
    nesterov: { type: 'boolean', default: false },
  },
};

/** The history that replaying these events gives, one second apart. */
function replay(bodies: readonly EventBody[]): History {
  const history = new History();
  const start = Date.parse('2026-11-21T09:30:00.000Z');
  for (const [index, body] of bodies.entries()) {
    const place = { v: 1, seq: index + 1, at: new Date(start + index * 1000).toISOString() };
    const event: StudyEvent = { ...body, ...place };
    history.apply(event);
  }
  return history;
}

/** A study’s history from its trials; every event is applied as the log would replay it. */
export function aHistory(story: HistoryStory): History {
  return replay(eventsOf(story));
}

function eventsOf({
  space = SMALL_SPACE,
  objective = {},
  start = {},
  trials,
  end,
  after = [],
}: HistoryStory): EventBody[] {
  const started: EventOf<'study-started'> = {
    event: 'study-started',
    study: '2026-11-21T09-30-12-quiet-heron',
    task: 'digits',
    strategy: 'creator',
    executor: 'agent',
    model: 'offline',
    seed: 7,
    space,
    objective: {
      metric: 'val_loss',
      direction: 'minimize',
      at: 'last',
      ...objective,
      constraints: [...(objective.constraints ?? [])],
    },
    profile: null,
    budget: { trials: trials.length },
    codeHash: 'code-1',
    prompts: { 'creator.md': 'a1b2c3' },
    standIn: false,
    versions: { agenthpo: '0.1.0' },
    ...start,
  };
  let codeHash = started.codeHash;
  const told = trials.flatMap((trial, index) => {
    codeHash = trial.resumedWith ?? codeHash;
    return trialEvents(trial, index + 1, codeHash, started.budget);
  });
  return [started, ...told, ...(end === undefined ? [] : [end]), ...after];
}

function trialEvents(
  story: TrialStory,
  trial: number,
  codeHash: string,
  budget: EventOf<'study-started'>['budget'],
): EventBody[] {
  const { hyperparameters, proposal = {}, rejections = [], calls = [], resumedWith } = story;
  const state = story.state ?? (story.failure ? 'failed' : story.value === undefined ? 'proposed' : 'complete');
  const origin = proposal.origin ?? (trial === 1 ? 'default' : 'offline');
  return [
    ...(resumedWith === undefined ? [] : [{ event: 'study-resumed', codeHash: resumedWith, budget } as const]),
    ...calls.map((call): EventBody => ({ ...aModelCall(trial), ...call })),
    ...rejections.map(
      (violations): EventBody => ({
        event: 'proposal-rejected',
        trial,
        origin,
        hyperparameters,
        violations: [...violations],
      }),
    ),
    { event: 'trial-proposed', trial, proposal: { ...proposal, origin, hyperparameters } },
    ...(state === 'proposed' ? [] : attemptEvents(story, trial, state, codeHash)),
  ];
}

function attemptEvents(
  story: TrialStory,
  trial: number,
  state: NonNullable<TrialStory['state']>,
  codeHash: string,
): EventBody[] {
  const { value, metrics = {}, brokenConstraints = [], failure, curve, summary, withheld, wallSeconds = 2 } = story;
  const started: EventBody = {
    event: 'attempt-started',
    trial,
    attempt: 1,
    codeHash,
    configHash: `config-${trial}`,
    timeLimitSeconds: 600,
  };
  if (state === 'running' || state === 'proposed') return [started];
  const outcome = state === 'timed-out' ? 'timed-out' : state === 'interrupted' ? 'interrupted' : 'exited';
  const ended: EventBody = {
    event: 'attempt-ended',
    trial,
    attempt: 1,
    outcome,
    exitCode: state === 'failed' ? 1 : 0,
    signal: null,
    wallSeconds,
    peakMemoryBytes: null,
  };
  if (state === 'interrupted') return [started, ended];
  const finished: EventBody = {
    event: 'trial-finished',
    trial,
    state,
    metrics: { ...metrics },
    brokenConstraints: [...brokenConstraints],
    ...(value !== undefined && { value }),
    ...(failure && { failure: { cause: 'crash', message: 'exit code 1', tail: '', ...failure } }),
    ...(curve && { curve: { ...curve, sample: curve.sample.map(([step, at]) => [step, at]) } }),
    ...(summary !== undefined && { summary, summaryBy: 'model' }),
    ...(withheld && { withheld: [...withheld] }),
  };
  return [started, ended, finished];
}

function aModelCall(trial: number): EventOf<'model-called'> {
  return {
    event: 'model-called',
    role: 'creator',
    trial,
    model: 'offline',
    promptTokens: 1000,
    completionTokens: 100,
    costUsd: 0,
    seconds: 0.5,
  };
}

/** The shape of a curve whose last value is `last`. */
export function aCurve(last: number, changes: Partial<CurveDigest> = {}): CurveDigest {
  return {
    points: 10,
    first: last * 3,
    last,
    best: last,
    bestStep: 10,
    lastStep: 10,
    diverged: false,
    stillImproving: false,
    overfitting: false,
    sample: [
      [1, last * 3],
      [5, last * 1.5],
      [10, last],
    ],
    ...changes,
  };
}
