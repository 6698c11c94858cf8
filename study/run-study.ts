import { activeSecondsAt, BudgetReached, reachedBudget, STOP_REASON_OF } from './budget.ts';
import { AgentHpoError, describeError, isModelsFault } from './errors.ts';
import type { StopReason } from './events.ts';
import type { History, StudyEnd } from './history.ts';
import type { Journal } from './journal.ts';
import { brokenObjectiveConstraints } from './objective.ts';
import type { Analysis, Analyst, Proposer, TrialExecutor } from './roles.ts';
import { repeatedFailure } from './stop-rules.ts';
import type { Trial, TrialResult } from './trial.ts';
import { StopRequested } from './with-approval.ts';

/** A trial whose training was lost with its machine is started at most so often. */
const MAX_LOST_ATTEMPTS = 3;

export interface StudyParts {
  readonly journal: Journal;
  readonly proposer: Proposer;
  readonly executor: TrialExecutor;
  readonly analyst: Analyst;
  /** The hash of the task’s code as it lies on disk now. */
  readonly currentCodeHash: () => string;
  /** Logs what other processes asked for; true when one of them asked the study to stop after this trial. */
  readonly readInbox: () => boolean;
  /** Ctrl-C, or an order to stop. */
  readonly signal: AbortSignal;
}

interface Stop {
  readonly reason: StopReason;
  readonly message: string;
}

/**
 * The paper’s loop (AgentHPO §3): propose, run, record, until something says stop; then look back. Every step is on
 * disk before the next begins, so that the loop can be entered again after a kill at any point.
 */
export async function runStudy(parts: StudyParts): Promise<StudyEnd> {
  const { history } = parts.journal;
  const deadline = deadlineSignal(parts);
  const signal = AbortSignal.any([parts.signal, deadline]);
  for (;;) {
    const stop = reasonToStop(parts);
    if (stop !== undefined) return finish(parts, stop);
    const trial = history.unfinished[0] ?? (await stopping(parts, deadline, () => propose(parts, signal)));
    if ('reason' in trial) return finish(parts, trial);
    const silence = await runTrial(parts, trial, signal);
    if (silence !== undefined) return finish(parts, reasonToStop(parts) ?? silence);
  }
}

/** Propose the next trial and record it. */
async function propose({ journal, proposer }: StudyParts, signal: AbortSignal): Promise<Trial | Stop> {
  const { history } = journal;
  const [proposal] = await proposer.propose(history, history.unfinished, 1, signal);
  signal.throwIfAborted();
  if (proposal === undefined) {
    const message = `Every configuration of the space was tried${history.refusals.length > 0 ? ' or turned down' : ''}.`;
    return { reason: 'space-exhausted', message };
  }
  const number = history.trials.length + 1;
  journal.record({ event: 'trial-proposed', trial: number, proposal: { ...proposal, code: proposal.code?.slice() } });
  return requireTrial(history, number);
}

/**
 * Run the trial’s next attempt, or adopt the one that a dead process left, until it has a final state. A stop when the
 * model died beside the training: the trial stands as its training ended, and others wait until the model is back.
 */
async function runTrial(parts: StudyParts, trial: Trial, signal: AbortSignal): Promise<Stop | undefined> {
  const { journal, executor } = parts;
  let result: TrialResult | 'lost' = trial.state === 'running' ? await executor.recover(trial, signal) : 'lost';
  while (result === 'lost' || result.state === 'interrupted') {
    // An edit while a model thought, or between two attempts, must not run under the old version’s name.
    if (signal.aborted || parts.currentCodeHash() !== journal.history.codeHash) return undefined;
    const now = requireTrial(journal.history, trial.number);
    const lost = now.attempts.filter((attempt) => attempt.outcome === 'lost').length;
    result = lost >= MAX_LOST_ATTEMPTS ? lostForGood(lost) : await executor.execute(now, signal);
  }
  recordResult(journal, trial.number, result);
  const message = result.modelUnavailable;
  return message === undefined ? undefined : { reason: 'model-unavailable', message };
}

function recordResult(journal: Journal, trial: number, result: TrialResult): void {
  const { state, metrics, withheld, modelUnavailable: _, ...rest } = result;
  if (state === 'interrupted') return;
  const brokenConstraints = state === 'complete' ? brokenObjectiveConstraints(journal.history.objective, metrics) : [];
  const curve = rest.curve && {
    ...rest.curve,
    sample: rest.curve.sample.map(([step, value]): [number, number] => [step, value]),
  };
  const listed = withheld?.slice();
  journal.record({
    event: 'trial-finished',
    trial,
    state,
    metrics,
    brokenConstraints,
    ...rest,
    curve,
    withheld: listed,
  });
}

function lostForGood(attempts: number): TrialResult {
  const message = `The training was lost ${attempts} times through no fault of its own (its wrapper died).`;
  return { state: 'failed', metrics: {}, failure: { cause: 'infrastructure', message, tail: '' } };
}

function reasonToStop({ journal, currentCodeHash, readInbox, signal }: StudyParts): Stop | undefined {
  const { history } = journal;
  const askedToStop = readInbox();
  if (signal.aborted) return INTERRUPTED;
  if (askedToStop) return { reason: 'stopped', message: 'Stopped on request after the running trial.' };
  const budget = reachedBudget(history, journal.now());
  if (budget !== undefined) return overBudget(journal, budget);
  const failure = repeatedFailure(history);
  if (failure !== undefined) return failure;
  if (currentCodeHash() !== history.codeHash)
    return { reason: 'code-changed', message: 'The task’s code changed while the study was under way.' };
  return undefined;
}

function overBudget(journal: Journal, { unit, limit, used, message }: BudgetReached): Stop {
  journal.record({ event: 'budget-reached', unit, limit, used });
  return { reason: STOP_REASON_OF[unit], message };
}

/** Turn what may end a proposal early (Ctrl-C, a spent budget, a user who was asked, a dead model or sampler) into a stop; anything else propagates. */
async function stopping(
  { journal, signal }: StudyParts,
  deadline: AbortSignal,
  step: () => Promise<Trial | Stop>,
): Promise<Trial | Stop> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof BudgetReached) return overBudget(journal, error);
    if (signal.aborted) return INTERRUPTED;
    if (deadline.aborted) return timeIsUp(journal);
    if (error instanceof StopRequested) return { reason: 'stopped', message: error.message };
    if (isModelsFault(error)) return { reason: 'model-unavailable', message: describeError(error) };
    if (error instanceof AgentHpoError && error.code === 'sampler-failed')
      return { reason: 'sampler-failed', message: describeError(error) };
    throw error;
  }
}

function timeIsUp(journal: Journal): Stop {
  const limit = journal.history.budget.maxSeconds ?? 0;
  return overBudget(journal, new BudgetReached('seconds', limit, activeSecondsAt(journal.history, journal.now())));
}

/** Aborts when the study’s active time is used up: a training under way is then interrupted, to be resumed with more time. */
function deadlineSignal({ journal }: StudyParts): AbortSignal {
  const { maxSeconds } = journal.history.budget;
  if (maxSeconds === undefined) return new AbortController().signal;
  const left = maxSeconds - activeSecondsAt(journal.history, journal.now());
  return AbortSignal.timeout(Math.min(2 ** 31 - 1, Math.max(0, Math.ceil(left * 1000))));
}

/** A study whose time is up waits no longer than this for its analysis. */
const ANALYSIS_AFTER_DEADLINE_MS = 60_000;

const INTERRUPTED: Stop = { reason: 'interrupted', message: 'Interrupted; nothing is lost.' };

const PAUSING: readonly StopReason[] = [
  'interrupted',
  'stopped',
  'code-changed',
  'model-unavailable',
  'sampler-failed',
];

/** Record the end. A pause keeps everything as it is; an end is looked back upon. */
async function finish(parts: StudyParts, { reason, message }: Stop): Promise<StudyEnd> {
  const { journal } = parts;
  if (PAUSING.includes(reason)) {
    journal.record({ event: 'study-paused', reason, message });
    return { status: 'paused', reason, message };
  }
  const patience = reason === 'time-budget' ? AbortSignal.timeout(ANALYSIS_AFTER_DEADLINE_MS) : undefined;
  const analysis = await conclude(
    parts,
    AbortSignal.any([parts.signal, ...(patience === undefined ? [] : [patience])]),
  );
  // Interrupted here, the study is not over: the next resume comes to the same end and looks back then.
  if (parts.signal.aborted) return finish(parts, INTERRUPTED);
  const status = statusOf(journal.history, reason);
  journal.record({ event: 'study-finished', status, reason, message, analysis: analysis && { ...analysis } });
  return { status, reason, message, ...(analysis && { analysis }) };
}

async function conclude({ journal, analyst }: StudyParts, signal: AbortSignal): Promise<Analysis | undefined> {
  if (journal.history.complete.length === 0) return undefined;
  try {
    return await analyst.conclude(journal.history, signal);
  } catch (error) {
    // The trials are done and safe: a study is not lost for want of its last paragraph. The report says it is missing.
    if (isModelsFault(error) || error instanceof BudgetReached || signal.aborted) return undefined;
    throw error;
  }
}

function statusOf(history: History, reason: StopReason): 'complete' | 'partial' | 'failed' {
  if (history.complete.length === 0 || reason === 'first-trial-failed') return 'failed';
  return reason === 'trial-budget' || reason === 'space-exhausted' ? 'complete' : 'partial';
}

function requireTrial(history: History, number: number): Trial {
  const trial = history.trial(number);
  if (trial === undefined) throw new Error(`trial ${number} was recorded but is not in the history`);
  return trial;
}
