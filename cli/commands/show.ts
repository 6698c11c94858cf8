import { basename } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { printable } from '../../study/printable.ts';
import { studyLabel, studyPaths } from '../../study/study-folder.ts';
import type { Trial } from '../../study/trial.ts';
import type { Context } from '../context.ts';
import { formatDuration } from '../durations.ts';
import { jsonLine } from '../json-line.ts';
import { formatMeasure } from '../numbers.ts';
import { openStudy } from '../open-study.ts';
import { shownValues } from '../print-outcome.ts';
import { stateOfStudy } from '../study-state.ts';
import { columnsOf } from '../terminal-columns.ts';
import { wrapLine } from '../terminal-text.ts';
import { textTable } from '../text-table.ts';

/** `agenthpo show <study> [trial]`: the trials of a study, or everything the log knows of one. */
export async function run(
  context: Context,
  [reference = '', number]: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history } = openStudy(context, reference, options);
  const asJson = options['json'] === true;
  const trial = number === undefined ? undefined : requireTrial(basename(folder), history, number);
  const columns = columnsOf(context.stdout);
  const shown = trial === undefined ? describeStudy(folder, history, columns) : describeTrial(folder, trial, columns);
  const data = trial ?? { study: folder, end: history.end ?? null, trials: history.trials };
  context.stdout.write(asJson ? jsonLine(data) : `${printable(shown.join('\n'))}\n`);
  return 0;
}

function requireTrial(study: string, history: History, number: string): Trial {
  const trial = history.trial(Number(number));
  if (trial !== undefined) return trial;
  throw new AgentHpoError({
    code: 'usage',
    message: `There is no trial ${number}; the study has trials 1 to ${history.trials.length}.`,
    hint: `List them with: agenthpo show ${study}`,
  });
}

function describeStudy(folder: string, history: History, columns: number): string[] {
  const { metric, direction } = history.objective;
  const state = stateOfStudy(folder, history);
  const rows = history.trials.map((trial) => [
    `${markOf(trial, history)}${String(trial.number).padStart(4)}`,
    trial.state,
    trial.value === undefined ? (trial.failure?.cause ?? '') : formatMeasure(trial.value),
    trial.proposal.origin,
    shownValues(trial.proposal.hyperparameters),
  ]);
  return [
    `${studyLabel(folder)}: ${direction} ${metric}${history.start.standIn ? ', on stand-in data' : ''}`,
    ...wrapLine(state === 'running' || history.end === undefined ? state : `${state}: ${history.end.message}`, columns),
    ...textTable([['trial', 'state', metric, 'origin', 'hyperparameters'], ...rows], columns),
    ...legendOf(history),
    ...(state === 'killed' || state === 'paused' ? [`Go on with: agenthpo resume ${basename(folder)}`] : []),
  ];
}

function markOf(trial: Trial, { incumbent }: History): string {
  if (trial === incumbent) return '*';
  return trial.brokenConstraints.length > 0 ? '!' : ' ';
}

function legendOf({ incumbent, trials, objective }: History): string[] {
  const isBroken = trials.some((trial) => trial.brokenConstraints.length > 0);
  return [
    ...(incumbent !== undefined ? ['* the best valid trial'] : trials.length > 0 ? ['no valid trial yet'] : []),
    ...(isBroken ? [`! breaks a constraint of the objective: ${objective.constraints.join(', ')}`] : []),
  ];
}

function describeTrial(folder: string, trial: Trial, columns: number): string[] {
  const { failure, summary } = trial;
  const prose = (line: string) => wrapLine(printable(line), columns);
  return [
    ...factsOf(folder, trial).flatMap(prose),
    ...(failure === undefined ? [] : [...prose(`Failed (${failure.cause}): ${failure.message}`), failure.tail]),
    ...(trial.withheld === undefined || trial.state === 'complete'
      ? []
      : prose(`Withheld from the training: ${trial.withheld.join(', ')}`)),
    ...(summary === undefined ? [] : prose(`Summary (${trial.summaryBy}): ${summary}`)),
  ];
}

function factsOf(folder: string, trial: Trial): string[] {
  const { proposal, attempts, curve } = trial;
  return [
    `Trial ${trial.number}: ${trial.state}${trial.value === undefined ? '' : `, value ${trial.value}`} (${proposal.origin}${proposal.fallback ? ', fallback' : ''})`,
    `Folder: ${studyPaths(folder).trial(trial.number)}`,
    'Hyperparameters:',
    ...Object.entries(proposal.hyperparameters).map(([name, value]) => `  ${name}: ${value}${reason(trial, name)}`),
    ...(proposal.rationale === undefined ? [] : [`Rationale: ${proposal.rationale}`]),
    ...(proposal.expects === undefined
      ? []
      : [
          `Expected: ${proposal.expects.outcome}${proposal.expects.value === undefined ? '' : `, ${formatMeasure(proposal.expects.value)}`}`,
        ]),
    ...attempts.map(
      (each) =>
        `Attempt ${each.attempt}: ${each.outcome ?? 'running'}, exit ${each.exitCode ?? '–'}, ${each.wallSeconds == null ? 'time unknown' : formatDuration(each.wallSeconds)}`,
    ),
    ...Object.entries(trial.metrics).map(([name, value]) => `  ${name} = ${value}`),
    ...(curve === undefined
      ? []
      : [`Curve: ${curve.sample.map(([step, value]) => `${step}:${formatMeasure(value)}`).join(' ')}`]),
  ];
}

function reason({ proposal }: Trial, name: string): string {
  const words = proposal.reasons?.[name];
  return words === undefined ? '' : `   (${words})`;
}
