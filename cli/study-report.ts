import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportFacts } from '../report/facts.ts';
import { editConfig } from '../study/config-file.ts';
import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { studyLabel, studyPaths } from '../study/study-folder.ts';
import type { Task } from '../study/task.ts';
import { commandArguments } from '../tools/prepare-training.ts';
import { readTrainingLogOf } from '../tools/read-outcome.ts';
import { configChanges, floatKeys } from '../tools/training-config.ts';
import { shellWords } from './shell-words.ts';
import type { StudyRecord } from './study-record.ts';

export interface ReportRequest {
  readonly folder: string;
  readonly record: StudyRecord;
  readonly task: Task;
  readonly history: History;
}

/** Writes report.md, report.html and the plots of a study from its log and its trials’ training logs. */
export async function reportStudy(request: ReportRequest): Promise<{ markdownFile: string; htmlFile: string }> {
  const { folder, task, history } = request;
  const trials = history.finished.filter((trial) => existsSync(studyPaths(folder).trial(trial.number)));
  const curves = new Map(
    trials.map(({ number }) => [number, readTrainingLogOf(task, studyPaths(folder).trial(number)).rows]),
  );
  // Loaded at the study’s end, not before its first training.
  const { writeReport } = await import('../report/write-report.ts');
  return writeReport({ history, folder, facts: factsOf(request), curves });
}

function factsOf({ folder, record, task, history }: ReportRequest): ReportFacts {
  const best = history.incumbent?.proposal.hyperparameters;
  return {
    taskTitle: task.title,
    taskName: task.name,
    ...(task.profile?.caveat !== undefined && { caveat: task.profile.caveat }),
    studyFolder: folder,
    reproduceCommand: record.command,
    resumeCommand: `agenthpo resume ${shellWords([studyLabel(folder).split('/').at(-1) ?? folder])} --trials ${history.trials.length + 10}`,
    fixed: { ...task.configChanges, ...Object.fromEntries(task.fixed.map(({ name, value }) => [name, value])) },
    ...(best && { trainCommand: trainCommand(record, task, best) }),
    versions: record.versions,
    durationSeconds: history.activeSeconds,
    ...(best && configFileFacts(record, task, best)),
    dataIsStandIn: history.start.standIn,
    modelLabel: modelLabel(record),
  };
}

function trainCommand(record: StudyRecord, task: Task, best: Hyperparameters): string {
  const words = commandArguments({ task, trainingSeed: record.seed }, '.', best);
  return shellWords(['python', task.train.script, ...words]);
}

function configFileFacts(record: StudyRecord, task: Task, best: Hyperparameters): Pick<ReportFacts, 'configFile'> {
  const path = task.train.config;
  if (path === undefined || !existsSync(join(task.folder, path))) return {};
  const text = readFileSync(join(task.folder, path), 'utf8');
  // Against the file as it is, so that what a profile or --set fixed is in the change; the seed stays the user’s own.
  const { seed } = task.train;
  const changes = Object.entries(configChanges(task, best, record.seed)).filter(
    ([key]) => seed?.kind !== 'config' || key !== seed.key,
  );
  const bestText = editConfig(text, path, Object.fromEntries(changes), { floatKeys: floatKeys(task) });
  return { configFile: { path, defaultText: text, bestText } };
}

function modelLabel({ strategy, model }: StudyRecord): string {
  if (strategy !== 'creator') return `the ${strategy} sampler`;
  return model === 'offline' ? 'the offline optimiser' : (model ?? 'no model').replace(/^openai:/, '');
}
