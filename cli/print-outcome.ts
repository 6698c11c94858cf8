import { basename, relative } from 'node:path';
import type { History, StudyEnd } from '../study/history.ts';
import { studyPaths } from '../study/study-folder.ts';
import { trivialBaseline } from '../study/trivial.ts';
import type { Context } from './context.ts';
import { jsonLine } from './json-line.ts';
import { formatMeasure, formatNumber } from './numbers.ts';
import { describeGain } from './progress/trial-words.ts';
import { raisedLimits } from './raised-limit.ts';
import { exitCodeOfStudy, studyOutcome } from './study-outcome.ts';
import { readStudyRecord } from './study-record.ts';
import { columnsOf } from './terminal-columns.ts';
import { wrapLine } from './terminal-text.ts';

export interface OutcomeRequest {
  readonly context: Context;
  readonly folder: string;
  readonly history: History;
  readonly end: StudyEnd;
  readonly asJson: boolean;
  /** `--plain`: no line is broken. */
  readonly isPlain: boolean;
}

/** Says how a study ended, to a person or as JSON, and answers the exit code. */
export function printOutcome({ context, folder, history, end, asJson, isPlain }: OutcomeRequest): number {
  const outcome = studyOutcome(folder, history, end);
  if (asJson) context.stdout.write(jsonLine(outcome));
  else {
    const columns = columnsOf(context.stdout, isPlain);
    const lines = describe(context, folder, history, end).flatMap((line) => wrapLine(line, columns));
    context.stdout.write(`${lines.join('\n')}\n`);
  }
  return exitCodeOfStudy(end);
}

function describe({ workingFolder }: Context, folder: string, history: History, end: StudyEnd): string[] {
  const report = `Report: ${relative(workingFolder, studyPaths(folder).report)}`;
  const raised = raisedLimits(history);
  const canGoOn = end.status === 'paused' || (raised.length > 0 && end.reason !== 'trial-budget');
  const resume = ['agenthpo resume', basename(folder), ...raised].join(' ');
  const next = canGoOn ? [`Go on with: ${resume}`, ...otherModel(folder, history, end)] : [];
  return [`${STATUS_WORDS[end.status]} ${end.message}`, ...bestLines(history), report, ...next];
}

/** How to go on where the model is what failed: with the embedded one, if the study’s prompts can be put to it. */
function otherModel(folder: string, history: History, { reason }: StudyEnd): string[] {
  if (reason !== 'model-unavailable' || history.model === 'offline') return [];
  const { prompt, space } = readStudyRecord(studyPaths(folder).settings).ablations;
  if (prompt !== 'compressed' || space === 'free') return [];
  return [`Without this model: agenthpo resume ${basename(folder)} --model offline`];
}

function bestLines(history: History): string[] {
  const { incumbent, objective, complete } = history;
  if (incumbent?.value === undefined)
    return [
      complete.length > 0
        ? 'No valid trial yet: every complete one breaks a constraint of the objective.'
        : 'No trial is complete.',
    ];
  const gain = describeGain(history);
  return [
    `Best: trial ${incumbent.number}, ${objective.metric} ${formatMeasure(incumbent.value)}${gain === undefined ? '' : `, ${gain}`}${history.start.standIn ? ' (on stand-in data)' : ''}`,
    `  ${shownValues(incumbent.proposal.hyperparameters)}`,
    ...trivialLines(history),
  ];
}

function trivialLines(history: History): string[] {
  const { value, metric, isBeaten } = trivialBaseline(history) ?? {};
  if (value === undefined) return [];
  const reached = `${formatMeasure(value)}${metric === undefined ? '' : ` (${metric})`}`;
  return isBeaten === false
    ? [`Nothing was learned: ${reached} is reached without learning. Look for a fault in the script or the data.`]
    : [`Without learning: ${reached}`];
}

const STATUS_WORDS: Record<StudyEnd['status'], string> = {
  complete: 'Done:',
  partial: 'Ended early:',
  paused: 'Paused:',
  failed: 'Failed:',
};

/** `lr=0.01 units=64`, numbers in four digits. */
export function shownValues(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? formatNumber(value) : value}`)
    .join(' ');
}
