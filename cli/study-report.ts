import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATCH_FILE } from '../report/config-diff.ts';
import type { ReportFacts } from '../report/facts.ts';
import { estimateNoise } from '../samplers/noise.ts';
import { seenBy } from '../samplers/seen.ts';
import { editConfig } from '../study/config-file.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import type { Redact } from '../study/redact.ts';
import { shellWords } from '../study/shell-words.ts';
import { getsSeed } from '../study/slots.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import { studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { commandArguments, environmentVariables } from '../tools/prepare-training.ts';
import { readTrainingLogOf } from '../tools/read-outcome.ts';
import { configChanges, floatKeys } from '../tools/training-config.ts';
import { describeAblation } from './ablations.ts';
import { redactFacts } from './redact-facts.ts';
import type { StudyRecord } from './study-record.ts';

export interface ReportRequest {
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly history: History;
}

/** Writes report.md, report.html and the plots of a study from its log and its trials’ training logs. */
export async function reportStudy(
  request: ReportRequest & { readonly redact: Redact },
): Promise<{ markdownFile: string; htmlFile: string }> {
  const { folder, task, history } = request;
  const trials = history.finished.filter((trial) => existsSync(studyPaths(folder).trial(trial.number)));
  const curves = new Map(
    trials.map(({ number }) => [number, readTrainingLogOf(task, studyPaths(folder).trial(number)).rows]),
  );
  // Loaded at the study’s end, not before its first training.
  const { writeReport } = await import('../report/write-report.ts');
  return writeReport({ history, folder, facts: redactFacts(factsOf(request), request.redact), curves });
}

function factsOf({ folder, record, task, history }: ReportRequest): ReportFacts {
  const best = history.incumbent?.proposal.hyperparameters;
  return {
    taskTitle: task.title,
    taskName: task.name,
    studyFolder: folder,
    taskFolder: task.folder,
    ...commandsOf({ folder, record, task, history }),
    script: task.train.script,
    ...(task.dataset !== undefined && { dataset: task.dataset }),
    ...caveatOf(task, record),
    passesSeed: getsSeed(task.train),
    fixed: { ...task.configChanges, ...Object.fromEntries(task.fixed.map(({ name, value }) => [name, value])) },
    versions: record.versions,
    durationSeconds: history.activeSeconds,
    ...(best && configFileFacts(folder, record, task, best)),
    ...inferredNoise(history),
    dataIsStandIn: history.start.standIn,
    modelLabel: modelLabel(history),
  };
}

/** What the numbers are not: the profile’s word on it, and that this was an ablation. */
function caveatOf({ profile }: Task, { ablations }: StudyRecord): Pick<ReportFacts, 'caveat'> {
  const words = [profile?.caveat, describeAblation(ablations)].filter((each) => each !== undefined);
  return words.length === 0 ? {} : { caveat: words.join('; ') };
}

/** A model of more trials would keep the report waiting. */
const MOST_MODELLED = 200;

function inferredNoise(history: History): Pick<ReportFacts, 'inferredNoise'> {
  const { observations } = seenBy(history, []);
  if (observations.length > MOST_MODELLED) return {};
  const noise = estimateNoise(
    history.space,
    observations.filter(({ isEarlier }) => isEarlier !== true),
  );
  return noise?.from === 'model' ? { inferredNoise: noise } : {};
}

type Commands = Pick<
  ReportFacts,
  'reproduceCommand' | 'resumeCommand' | 'checkCommand' | 'repeatCommand' | 'evaluateCommand' | 'trainCommand'
>;

/** Whole paths, so that every line can be pasted wherever the reader is. */
function commandsOf({ folder, record, task, history }: ReportRequest): Commands {
  const best = history.incumbent?.proposal.hyperparameters;
  const agenthpo = (...words: readonly string[]) => shellWords(['agenthpo', ...words]);
  const profile = record.task.profile === null ? [] : ['--profile', record.task.profile];
  const sets = Object.entries(record.task.set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const standIn = record.stand_in ? ['--stand-in'] : [];
  return {
    reproduceCommand: [
      ...(record.working_folder === undefined ? [] : [shellWords(['cd', record.working_folder])]),
      record.command,
    ].join('\n'),
    resumeCommand: agenthpo('resume', folder, '--trials', String(history.trials.length + 10)),
    checkCommand: agenthpo('check', task.folder, '--run', ...profile, ...sets, ...standIn),
    ...(best && { repeatCommand: agenthpo('confirm', folder) }),
    ...(best && task.evaluate && { evaluateCommand: agenthpo('evaluate', folder) }),
    ...(best && { trainCommand: trainCommand(record, task, best) }),
  };
}

/** In a shell of its own, so that the reader’s stays where it is. */
function trainCommand(record: StudyRecord, task: Task, best: Hyperparameters): string {
  const setup = { task, trainingSeed: record.seed };
  const variables = Object.entries(environmentVariables(setup, '.', best)).map(([name, value]) => `${name}=${value}`);
  const train = shellWords([
    ...(variables.length > 0 ? ['env', ...variables] : []),
    record.python.interpreter,
    task.train.script,
    ...commandArguments(setup, '.', best),
  ]);
  return `(cd ${shellWords([task.folder])} && ${train})`;
}

/** The winner as a change of the config file as it is now, so that what a profile or --set fixed is in the change. */
function configFileFacts(
  folder: string,
  record: StudyRecord,
  task: Task,
  best: Hyperparameters,
): Pick<ReportFacts, 'configFile' | 'configProblem' | 'applyCommand'> {
  const path = task.train.config;
  if (path === undefined || !existsSync(join(task.folder, path))) return {};
  const text = readFileSync(join(task.folder, path), 'utf8');
  // Changed since (with the winner’s own values, perhaps): the patch that lies in the study’s folder is the one that fits.
  if (isChanged(record, path, text)) return {};
  const { seed } = task.train;
  const changes = Object.entries(configChanges(task, best, record.seed)).filter(
    ([key]) => seed?.kind !== 'config' || key !== seed.key, // the seed stays the user’s own
  );
  try {
    const bestText = editConfig(text, path, Object.fromEntries(changes), { floatKeys: floatKeys(task) });
    const applyCommand = shellWords(['patch', join(task.folder, path), join(folder, PATCH_FILE)]);
    return { configFile: { path, defaultText: text, bestText }, ...(bestText !== text && { applyCommand }) };
  } catch (error) {
    // The file was edited since the study began: that is no reason to lose the report.
    if (!(error instanceof AgentHpoError && error.code === 'config-invalid')) throw error;
    return { configProblem: error.message };
  }
}

function isChanged({ task: { files } }: StudyRecord, path: string, text: string): boolean {
  const known = files?.[path];
  return known !== undefined && !createHash('sha256').update(text).digest('hex').startsWith(known);
}

function modelLabel({ start: { strategy }, models }: History): string {
  if (!isCreatorStrategy(strategy)) return `the ${strategy} sampler`;
  const named = models.map(({ model }) =>
    model === 'offline' ? 'the offline optimiser' : model.replace(/^openai:/, ''),
  );
  return named.length === 0 ? 'no model' : named.join(', then ');
}
