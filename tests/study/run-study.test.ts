import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { BudgetReached } from '../../study/budget.ts';
import { defaultFirst } from '../../study/default-first.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { EventBody, EventOf } from '../../study/events.ts';
import { Journal } from '../../study/journal.ts';
import type { Proposer, TrialExecutor } from '../../study/roles.ts';
import { runStudy, type StudyParts } from '../../study/run-study.ts';
import type { Failure, TrialResult } from '../../study/trial.ts';
import { aCompleteTrial, aFolder, attemptEnded, attemptStarted, studyStarted, trialProposed } from './maker.ts';

let journal: Journal;
beforeEach(() => {
  journal = new Journal(join(aFolder(), 'experiment-log.jsonl'));
});

/** Proposes x = 0.01, 0.02 … by trial number. */
const counting: Proposer = {
  propose: async (history) => [{ origin: 'random', hyperparameters: { x: (history.trials.length + 1) / 100 } }],
};

/** Runs nothing: answers by trial number, and logs what a real executor logs. */
function answering(
  results: (trial: number) => TrialResult | 'lost-attempt',
  recovered: TrialResult | 'lost' = 'lost',
): TrialExecutor {
  return {
    execute: async ({ number, attempts }) => {
      const attempt = attempts.length + 1;
      journal.record(attemptStarted(number, attempt));
      const result = results(number);
      const isLost = result === 'lost-attempt';
      journal.record(
        attemptEnded(number, attempt, isLost ? 'lost' : result.state === 'interrupted' ? 'interrupted' : 'exited'),
      );
      return isLost ? { state: 'interrupted', metrics: {} } : result;
    },
    recover: async ({ number, attempts }) => {
      journal.record(attemptEnded(number, attempts.length, recovered === 'lost' ? 'interrupted' : 'exited'));
      return recovered;
    },
  };
}

const complete = (value: number): TrialResult => ({ state: 'complete', metrics: { loss: value }, value });
const failed = (failure: Failure): TrialResult => ({ state: 'failed', metrics: {}, failure });
const crash: Failure = { cause: 'crash', message: 'ValueError: bad 3', tail: 'line 12' };

function study(parts: Partial<StudyParts> = {}): Promise<Awaited<ReturnType<typeof runStudy>>> {
  return runStudy({
    journal,
    proposer: counting,
    executor: answering((trial) => complete(1 / trial)),
    analyst: { conclude: async () => undefined },
    currentCodeHash: () => 'code-1',
    readInbox: () => false,
    signal: new AbortController().signal,
    ...parts,
  });
}

const states = () => journal.history.trials.map(({ state }) => state);

test('it runs to the trial budget, and the default comes first', async () => {
  journal.record(studyStarted());
  const end = await study({ proposer: defaultFirst(counting) });
  expect(end).toMatchObject({ status: 'complete', reason: 'trial-budget' });
  expect(journal.history.trials.map(({ proposal }) => [proposal.origin, proposal.hyperparameters['x']])).toEqual([
    ['default', 0.5],
    ['random', 0.02],
    ['random', 0.03],
  ]);
});

test('failed trials count towards the budget', async () => {
  journal.record(studyStarted());
  const failures: Failure[] = [crash, { cause: 'out-of-memory', message: 'oom', tail: '' }];
  const end = await study({
    executor: answering((trial) => (trial < 3 ? failed(failures[trial - 1] ?? crash) : complete(1))),
  });
  expect(states()).toEqual(['failed', 'failed', 'complete']);
  expect(end.status).toBe('complete');
});

test('a default that crashes ends the study with the traceback', async () => {
  journal.record(studyStarted());
  const end = await study({ proposer: defaultFirst(counting), executor: answering(() => failed(crash)) });
  expect(end).toMatchObject({ status: 'failed', reason: 'first-trial-failed' });
  expect(end.message).toContain('line 12');
  expect(states()).toEqual(['failed']);
});

test('a default that runs out of memory is a result to learn from', async () => {
  journal.record(studyStarted());
  const oom: Failure = { cause: 'out-of-memory', message: 'oom', tail: '' };
  const end = await study({
    proposer: defaultFirst(counting),
    executor: answering((trial) => (trial === 1 ? failed(oom) : complete(1))),
  });
  expect(end.reason).toBe('trial-budget');
});

test('the same traceback twice running ends the study, whatever its numbers', async () => {
  journal.record(studyStarted({ budget: { trials: 9 } }));
  const failure = (trial: number): Failure => ({
    cause: 'crash',
    message: `ValueError: bad ${trial}`,
    tail: `File "/tmp/${trial}/train.py", line 12`,
  });
  const end = await study({ executor: answering((trial) => (trial === 1 ? complete(1) : failed(failure(trial)))) });
  expect(end).toMatchObject({ status: 'partial', reason: 'repeated-failure' });
  expect(states()).toEqual(['complete', 'failed', 'failed']);
});

test('two different tracebacks running do not end it', async () => {
  journal.record(studyStarted());
  const failure = (trial: number): Failure => ({
    cause: 'crash',
    message: trial === 2 ? 'KeyError: a' : 'TypeError: b',
    tail: '',
  });
  const end = await study({ executor: answering((trial) => (trial === 1 ? complete(1) : failed(failure(trial)))) });
  expect(end.reason).toBe('trial-budget');
});

test('a study in which nothing worked is failed, not complete', async () => {
  journal.record(studyStarted());
  const end = await study({ executor: answering(() => failed({ cause: 'diverged', message: 'nan', tail: '' })) });
  expect(end.status).toBe('failed');
});

test('an attempt lost with its machine is repeated with the same parameters, three times in all', async () => {
  journal.record(studyStarted({ budget: { trials: 2 } }));
  await study({ executor: answering((trial) => (trial === 1 ? 'lost-attempt' : complete(1))) });
  const [first, second] = journal.history.trials;
  expect(first?.attempts.map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'lost']);
  expect(first).toMatchObject({ state: 'failed', failure: { cause: 'infrastructure' } });
  expect(second?.state).toBe('complete');
});

test('Ctrl-C during a training pauses; the next run starts the same trial again under its number', async () => {
  journal.record(studyStarted());
  const interruption = new AbortController();
  const executor = answering((trial) => {
    if (trial === 2) interruption.abort();
    return trial === 2 ? { state: 'interrupted', metrics: {} } : complete(1);
  });
  expect(await study({ executor, signal: interruption.signal })).toMatchObject({
    status: 'paused',
    reason: 'interrupted',
  });
  expect(states()).toEqual(['complete', 'interrupted']);
  journal.record({ event: 'study-resumed', codeHash: 'code-1', budget: { trials: 3 } });
  expect((await study()).status).toBe('complete');
  expect(journal.history.trials.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1]);
});

test.each(['proposed', 'running', 'ended'] as const)(
  'a trial left %s by a killed process is finished, nothing is repeated',
  async (phase) => {
    journal.record(studyStarted(), ...aCompleteTrial(1, 0.5, 0.3), trialProposed(2, 0.2));
    if (phase !== 'proposed') journal.record(attemptStarted(2));
    if (phase === 'ended') journal.record(attemptEnded(2));
    const recovered = phase === 'proposed' ? 'lost' : complete(0.2);
    const executor: TrialExecutor =
      phase === 'ended'
        ? { ...answering((trial) => complete(trial)), recover: async () => complete(0.2) }
        : answering((trial) => complete(trial), recovered);
    const end = await study({ executor });
    expect(end.status).toBe('complete');
    expect(journal.history.trials.map(({ value }) => value)).toEqual([0.3, phase === 'proposed' ? 2 : 0.2, 3]);
    expect(journal.history.trial(2)?.attempts).toHaveLength(1);
  },
);

test('a training of which nothing is left is started again, as the next attempt', async () => {
  journal.record(studyStarted({ budget: { trials: 1 } }), trialProposed(1, 0.5), attemptStarted(1));
  await study();
  expect(journal.history.trial(1)?.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [1, 'interrupted'],
    [2, 'exited'],
  ]);
});

test('a space that is used up ends the study as complete', async () => {
  journal.record(studyStarted());
  const once: Proposer = {
    propose: async (history) =>
      history.trials.length === 0 ? counting.propose(history, [], 1, new AbortController().signal) : [],
  };
  expect(await study({ proposer: once })).toMatchObject({ status: 'complete', reason: 'space-exhausted' });
});

test('code edited in mid-study pauses it before another trial', async () => {
  journal.record(studyStarted());
  const edited = () => (journal.history.complete.length === 1 ? 'code-2' : 'code-1');
  const end = await study({ currentCodeHash: edited });
  expect(end).toMatchObject({ status: 'paused', reason: 'code-changed' });
  expect(states()).toEqual(['complete']);
});

test('code edited while a proposal is thought about never runs under the old version’s name', async () => {
  journal.record(studyStarted());
  const edited = () => (journal.history.trials.length === 2 ? 'code-2' : 'code-1');
  expect(await study({ currentCodeHash: edited })).toMatchObject({ status: 'paused', reason: 'code-changed' });
  expect(states()).toEqual(['complete', 'proposed']);
});

test('a default that failed for want of something outside the code is tried again after a resume', async () => {
  journal.record(studyStarted());
  const missing: Failure = { cause: 'data', message: 'FileNotFoundError: d.csv', tail: '' };
  const proposer = defaultFirst(counting);
  expect((await study({ proposer, executor: answering(() => failed(missing)) })).reason).toBe('first-trial-failed');
  journal.record({ event: 'study-resumed', codeHash: 'code-1', budget: { trials: 3 } });
  expect((await study({ proposer })).status).toBe('complete');
  expect(journal.history.trials.map(({ state, proposal }) => [state, proposal.origin])).toEqual([
    ['failed', 'default'],
    ['complete', 'default'],
    ['complete', 'random'],
  ]);
});

test('Ctrl-C during the final analysis pauses: the next run looks back, nothing is trained again', async () => {
  journal.record(studyStarted({ budget: { trials: 1 } }));
  const interruption = new AbortController();
  const slow = {
    conclude: async () => {
      interruption.abort();
      throw new Error('aborted');
    },
  };
  expect(await study({ analyst: slow, signal: interruption.signal })).toMatchObject({
    status: 'paused',
    reason: 'interrupted',
  });
  journal.record({ event: 'study-resumed', codeHash: 'code-1', budget: { trials: 1 } });
  const analysis = { best: 'Trial 1.', influence: {}, future: '', by: 'offline' as const };
  expect(await study({ analyst: { conclude: async () => analysis } })).toMatchObject({ status: 'complete', analysis });
  expect(states()).toEqual(['complete']);
});

test('a dead model pauses the study instead of failing trials', async () => {
  journal.record(studyStarted());
  const dead: Proposer = {
    propose: async () => {
      throw new AgentHpoError({ code: 'model-failed', message: 'no answer', hint: 'try again' });
    },
  };
  expect(await study({ proposer: dead })).toMatchObject({ status: 'paused', reason: 'model-unavailable' });
  expect(states()).toEqual([]);
});

test('a model that dies beside a training pauses the study after that trial, which stands; resume goes on', async () => {
  journal.record(studyStarted({ budget: { trials: 3 } }));
  let isDead = true;
  const silent = answering((trial) => ({
    ...complete(1 / trial),
    summaryBy: 'code',
    ...(isDead && trial === 2 && { modelUnavailable: 'It did not answer. Check it.' }),
  }));
  expect(await study({ executor: silent })).toEqual({
    status: 'paused',
    reason: 'model-unavailable',
    message: 'It did not answer. Check it.',
  });
  expect(journal.history.trial(2)).toMatchObject({ state: 'complete', value: 0.5, summaryBy: 'code' });
  isDead = false;
  journal.record({ event: 'study-resumed', codeHash: 'code-1', budget: { trials: 3 } });
  expect(await study({ executor: silent })).toMatchObject({ status: 'complete', reason: 'trial-budget' });
  expect(states()).toEqual(['complete', 'complete', 'complete']);
});

test('a model that dies beside the last trial leaves nothing to wait for', async () => {
  journal.record(studyStarted({ budget: { trials: 1 } }));
  const silent = answering(() => ({ ...complete(1), modelUnavailable: 'It did not answer.' }));
  expect(await study({ executor: silent })).toMatchObject({ status: 'complete', reason: 'trial-budget' });
});

test('a token budget that a proposal would pass ends the study with what it has', async () => {
  journal.record(studyStarted({ budget: { trials: 5, maxTokens: 100 } }));
  const poor: Proposer = {
    propose: async (history, ...rest) => {
      if (history.trials.length === 2) throw new BudgetReached('tokens', 100, 90);
      return counting.propose(history, ...rest);
    },
  };
  expect(await study({ proposer: poor })).toMatchObject({ status: 'partial', reason: 'token-budget' });
  expect(states()).toEqual(['complete', 'complete']);
});

test('no trial is begun when the time is used up', async () => {
  const times = ['2026-11-21T09:00:00Z', '2026-11-21T09:01:00Z'].map((text) => new Date(text));
  let index = 0;
  journal = new Journal(join(aFolder(), 'experiment-log.jsonl'), {
    now: () => times[Math.min(index++, 1)] ?? new Date(),
  });
  journal.record(studyStarted({ budget: { trials: 5, maxSeconds: 30 } }));
  expect(await study()).toMatchObject({ status: 'failed', reason: 'time-budget' });
  expect(states()).toEqual([]);
});

test('an order in the inbox stops the study after the running trial', async () => {
  journal.record(studyStarted());
  let looks = 0;
  expect(await study({ readInbox: () => ++looks > 2 })).toMatchObject({ status: 'paused', reason: 'stopped' });
  expect(states()).toEqual(['complete', 'complete']);
});

test('a broken disk is not taken for a failed trial', async () => {
  journal.record(studyStarted());
  const broken: TrialExecutor = {
    ...answering(() => complete(1)),
    execute: async () => Promise.reject(new Error('ENOSPC')),
  };
  await expect(study({ executor: broken })).rejects.toThrow('ENOSPC');
});

test('an analysis that cannot be written leaves the study complete without one', async () => {
  journal.record(studyStarted());
  const silent = { conclude: async () => Promise.reject(new BudgetReached('tokens', 1, 1)) };
  const end = await study({ analyst: silent });
  expect(end).toEqual({ status: 'complete', reason: 'trial-budget', message: 'The budget of 3 trials is used.' });
});

test('a trial that breaks a constraint of the objective is complete and says so', async () => {
  const objective: EventOf<'study-started'>['objective'] = {
    metric: 'loss',
    direction: 'minimize',
    at: 'last',
    constraints: ['loss <= 0.4'],
  };
  journal.record(studyStarted({ objective }) as EventBody);
  await study();
  expect(journal.history.trials.map(({ brokenConstraints }) => brokenConstraints.length)).toEqual([1, 1, 0]);
  expect(journal.history.incumbent?.number).toBe(3);
});
