import type { ModelAccess, ModelRole } from '../agents/model-access.ts';
import type { SessionExecutor } from '../agents/session-executor.ts';
import type { OptunaPython } from '../runners/optuna/python.ts';
import { SAMPLERS } from '../samplers/registry.ts';
import { createSamplerProposer } from '../samplers/sampler-proposer.ts';
import { reserveRequest } from '../study/budget.ts';
import { defaultFirst } from '../study/default-first.ts';
import type { EventOf } from '../study/events.ts';
import { readExperimentLog } from '../study/experiment-log.ts';
import { handOver } from '../study/hand-over.ts';
import type { Journal } from '../study/journal.ts';
import { costOfCall, type Price } from '../study/price.ts';
import { redactProse } from '../study/redact-prose.ts';
import type { Analyst, Proposer, TrialExecutor } from '../study/roles.ts';
import { isCreatorStrategy, isOptunaStrategy, type OptunaStrategy, optunaSamplerOf } from '../study/strategy.ts';
import { studyPaths } from '../study/study-folder.ts';
import { suggestedFirst } from '../study/suggested-first.ts';
import type { Task } from '../study/task.ts';
import { analystSeeing, proposerSeeing, ToldHistory, withToldValues } from '../study/told-values.ts';
import { type Approver, withApproval } from '../study/with-approval.ts';
import { LocalTrialSession, type TrialSessionDeps } from '../tools/local-trial-session.ts';
import { promptStyleOf } from './ablations.ts';
import type { StudyRecord } from './study-record.ts';

export interface PartsRequest {
  readonly record: StudyRecord;
  readonly task: Task;
  readonly journal: Journal;
  readonly session: TrialSessionDeps;
  /** How to reach a model; undefined when the study has none. */
  readonly access?: (role: ModelRole) => Promise<ModelAccess>;
  /** Where Optuna runs; undefined unless the strategy is one of its samplers. */
  readonly optuna?: OptunaPython;
  /** Says a line to the user. */
  readonly say: (line: string) => void;
  /** Who is asked before a proposed trial runs; undefined when nobody is. */
  readonly approver?: Approver;
}

export interface Roles {
  readonly proposer: Proposer;
  readonly executor: TrialExecutor;
  readonly analyst: Analyst;
}

/** Loads what a model’s roles will need: half a second, worth beginning while something else is waited for. */
export async function loadAgents(): Promise<void> {
  await Promise.all([import('../agents/creator.ts'), import('../agents/executor.ts')]);
}

/** Who plays which role in this study. LangChain is loaded only when a model plays one. */
export async function createRoles(request: PartsRequest): Promise<Roles> {
  const { record, journal, session } = request;
  const roles = await createTrueRoles({ ...request, task: redactProse(request.task, session.redact) });
  const { noise: share } = record.ablations;
  if (share === 0) return roles;
  const told = new ToldHistory(readExperimentLog(studyPaths(session.studyFolder).log).events);
  journal.listen(told);
  return {
    proposer: proposerSeeing(told.history, roles.proposer),
    executor: withToldValues(roles.executor, { share, seed: record.seed }),
    analyst: analystSeeing(told.history, roles.analyst),
  };
}

async function createTrueRoles(request: PartsRequest): Promise<Roles> {
  const { record, session, journal, approver } = request;
  const { proposer: asked, analyst } = await createProposer(request);
  const reject = (event: EventOf<'proposal-rejected'>) => journal.record(event);
  // What the user asked for needs no approval, and the default first of all shows that the script works.
  const proposer = suggestedFirst(approver === undefined ? asked : withApproval(asked, approver, reject), reject);
  const sessions = await createSessionExecutor(request);
  return {
    proposer: record.begin_with_default ? defaultFirst(proposer) : proposer,
    executor: {
      execute: (trial, signal) => sessions.runTrial(new LocalTrialSession(trial, session), signal),
      recover: async (trial, signal) => {
        const recovered = new LocalTrialSession(trial, session);
        const result = await recovered.recover(signal);
        if (result === 'lost' || result.state === 'interrupted') return result;
        return sessions.runTrial(recovered, signal);
      },
    },
    analyst,
  };
}

async function createProposer(request: PartsRequest): Promise<{ proposer: Proposer; analyst: Analyst }> {
  const { record, task, journal, access } = request;
  const { strategy, seed } = record;
  if (isOptunaStrategy(strategy)) return { proposer: await optunaProposer(strategy, request), analyst: NOBODY };
  if (!isCreatorStrategy(strategy))
    return { proposer: createSamplerProposer({ sampler: await SAMPLERS[strategy](), seed }), analyst: NOBODY };
  if (access === undefined) throw new Error('the creator strategy needs a model');
  const { createCreator } = await import('../agents/creator.ts');
  const fallback = createSamplerProposer({ sampler: await SAMPLERS.tpe(), seed });
  const creator = createCreator({
    task,
    access: await access('creator'),
    reportAccess: await access('report'),
    fallback,
    ...(await hybridParts(record)),
    record: (event) => journal.record(event),
    style: promptStyleOf(record.ablations),
    chat: { contextTokens: record.ablations.context_tokens, warn: request.say },
  });
  return { proposer: await handedOver(creator, record), analyst: creator };
}

/** In `hybrid` the optimiser that offers candidates also steps in for the model. */
async function hybridParts({ strategy, seed, overrule_share: overruleShare }: StudyRecord) {
  if (strategy !== 'hybrid') return {};
  return {
    hybrid: { seed, overruleShare },
    fallback: createSamplerProposer({ sampler: await SAMPLERS.gp(), seed }),
  };
}

/** In `llm-then-gp` the Creator proposes the first points alone. */
async function handedOver(creator: Proposer, { strategy, seed, llm_trials: count }: StudyRecord): Promise<Proposer> {
  if (strategy !== 'llm-then-gp') return creator;
  if (count === null) throw new Error('the record does not say how many points the Creator proposes');
  return handOver(creator, createSamplerProposer({ sampler: await SAMPLERS.gp(), seed }), count);
}

/** Writes no final analysis. */
const NOBODY: Analyst = { conclude: async () => undefined };

async function optunaProposer(strategy: OptunaStrategy, { record, optuna }: PartsRequest): Promise<Proposer> {
  if (optuna === undefined) throw new Error(`the ${strategy} strategy needs a Python with Optuna`);
  const { askOptuna } = await import('../runners/optuna/ask.ts');
  const { createOptunaProposer } = await import('../samplers/optuna/proposer.ts');
  return createOptunaProposer({
    sampler: optunaSamplerOf(strategy),
    seed: record.seed,
    ask: (question, signal) => askOptuna(optuna, question, signal),
  });
}

async function createSessionExecutor({ record, task, journal, access }: PartsRequest): Promise<SessionExecutor> {
  const { history } = journal;
  const told = { history, task, taskInfo: promptStyleOf(record.ablations).taskInfo };
  if (record.executor === 'agent' && access !== undefined) {
    const { createAgentExecutor } = await import('../agents/executor.ts');
    return createAgentExecutor({ access: await access('executor'), ...told });
  }
  const { createDirectExecutor } = await import('../agents/direct-executor.ts');
  if (access === undefined) return createDirectExecutor({ objective: task.objective });
  const { createSummarize } = await import('../agents/summarize.ts');
  const summarize = createSummarize({ access: await access('executor'), ...told });
  return createDirectExecutor({ objective: task.objective, summarize });
}

/** The guards around every call of a study’s model: budget before, the log after, the transcript throughout. */
export function modelGuards(
  journal: Journal,
  transcript: ModelAccess['transcript'],
  priceNow: () => Price,
): Pick<ModelAccess, 'reserve' | 'recordUsage' | 'transcript' | 'costOf'> {
  return {
    reserve: (promptTokens) => reserveRequest(journal.history, promptTokens, priceNow()),
    recordUsage: (usage) => journal.record({ event: 'model-called', ...usage }),
    transcript,
    costOf: (counted) => costOfCall(priceNow(), counted),
  };
}
