import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { printable } from '../../study/printable.ts';
import { studyLabel, studyPaths } from '../../study/study-folder.ts';
import type { Trial } from '../../study/trial.ts';
import type { Context } from '../context.ts';
import { formatMeasure } from '../numbers.ts';
import { openStudy } from '../open-study.ts';

/** `agenthpo show <study> [trial]`: the trials of a study, or everything the log knows of one. */
export async function run(
  context: Context,
  [reference = '', number]: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history } = openStudy(context, reference, options);
  const asJson = options['json'] === true;
  const trial = number === undefined ? undefined : requireTrial(history, number);
  const shown = trial === undefined ? describeStudy(folder, history) : describeTrial(folder, trial);
  const data = trial ?? { study: folder, end: history.end ?? null, trials: history.trials };
  context.stdout.write(asJson ? `${JSON.stringify(data)}\n` : `${printable(shown.join('\n'))}\n`);
  return 0;
}

function requireTrial(history: History, number: string): Trial {
  const trial = history.trial(Number(number));
  if (trial !== undefined) return trial;
  throw new AgentHpoError({
    code: 'usage',
    message: `There is no trial ${number}; the study has trials 1 to ${history.trials.length}.`,
    hint: 'agenthpo show <study> lists them.',
  });
}

function describeStudy(folder: string, history: History): string[] {
  const { metric, direction } = history.objective;
  const lines = history.trials.map((trial) => {
    const value = trial.value === undefined ? (trial.failure?.cause ?? '') : formatMeasure(trial.value);
    const mark = trial === history.incumbent ? '*' : ' ';
    const values = Object.entries(trial.proposal.hyperparameters).map(([name, each]) => `${name}=${each}`);
    return `${mark}${String(trial.number).padStart(4)}  ${trial.state.padEnd(11)} ${value.padEnd(10)} ${trial.proposal.origin.padEnd(8)} ${values.join(' ')}`;
  });
  const end = history.end === undefined ? 'not ended' : `${history.end.status}: ${history.end.message}`;
  return [
    `${studyLabel(folder)}   ${direction} ${metric}   ${end}`,
    ...lines,
    ...(history.incumbent ? ['* the best valid trial'] : []),
  ];
}

function describeTrial(folder: string, trial: Trial): string[] {
  const { proposal, attempts, failure, curve, summary } = trial;
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
        `Attempt ${each.attempt}: ${each.outcome ?? 'running'}, exit ${each.exitCode ?? '–'}, ${each.wallSeconds ?? '–'} s`,
    ),
    ...Object.entries(trial.metrics).map(([name, value]) => `  ${name} = ${value}`),
    ...(curve === undefined
      ? []
      : [`Curve: ${curve.sample.map(([step, value]) => `${step}: ${formatMeasure(value)}`).join('  ')}`]),
    ...(failure === undefined ? [] : [`Failed (${failure.cause}): ${failure.message}`, failure.tail]),
    ...(trial.withheld === undefined || trial.state === 'complete'
      ? []
      : [`Withheld from the training: ${trial.withheld.join(', ')}`]),
    ...(summary === undefined ? [] : [`Summary (${trial.summaryBy}): ${summary}`]),
  ];
}

function reason({ proposal }: Trial, name: string): string {
  const words = proposal.reasons?.[name];
  return words === undefined ? '' : `   (${words})`;
}
