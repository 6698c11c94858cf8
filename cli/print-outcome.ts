import { relative } from 'node:path';
import type { History, StudyEnd } from '../study/history.ts';
import { studyLabel } from '../study/study-folder.ts';
import type { Context } from './context.ts';
import { formatMeasure, formatNumber } from './numbers.ts';
import { exitCodeOfStudy, studyOutcome } from './study-outcome.ts';

export interface OutcomeRequest {
  readonly context: Context;
  readonly folder: string;
  readonly history: History;
  readonly end: StudyEnd;
  readonly asJson: boolean;
}

/** Says how a study ended, to a person or as JSON, and answers the exit code. */
export function printOutcome({ context, folder, history, end, asJson }: OutcomeRequest): number {
  const outcome = studyOutcome(folder, history, end);
  if (asJson) context.stdout.write(`${JSON.stringify(outcome)}\n`);
  else context.stdout.write(`${describe(context, folder, history, end).join('\n')}\n`);
  return exitCodeOfStudy(end);
}

function describe({ workingFolder }: Context, folder: string, history: History, end: StudyEnd): string[] {
  const { incumbent, objective } = history;
  const best =
    incumbent?.value === undefined
      ? history.complete.length > 0
        ? 'No valid trial: every complete one breaks a constraint of the objective.'
        : 'No trial is complete.'
      : `Best: trial ${incumbent.number}, ${objective.metric} ${formatMeasure(incumbent.value)}   ${shownValues(incumbent.proposal.hyperparameters)}`;
  const report = `Report: ${relative(workingFolder, studyOutcome(folder, history, end).report)}`;
  const next = end.status === 'paused' ? [`Go on with: agenthpo resume ${studyLabel(folder).split('/').at(-1)}`] : [];
  return [`${STATUS_WORDS[end.status]} ${end.message}`, best, report, ...next];
}

const STATUS_WORDS: Record<StudyEnd['status'], string> = {
  complete: 'Done:',
  partial: 'Ended early:',
  paused: 'Paused:',
  failed: 'Failed:',
};

function shownValues(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? formatNumber(value) : value}`)
    .join(' ');
}
