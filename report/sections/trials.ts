import type { Hyperparameter } from '../../study/hyperparameter.ts';
import { differingNames } from '../../study/trial.ts';
import type { ReportAnalysis, ReportedTrial } from '../analyse.ts';
import type { ExpectationCheck } from '../expectation.ts';
import { formatNumber } from '../numbers.ts';
import { type Column, markdownTable } from '../table.ts';
import { cellText, codeBlock, inlineText } from '../untrusted.ts';
import { better, nameSpan, originWord, shownValue, stateWord } from '../words.ts';
import { exactJson } from './use.ts';

/** With more varying hyperparameters than this, values get a table of their own, so that neither grows too wide. */
const ONE_TABLE = 4;

/** Every trial: a table to read across, then the reasons in full, then the exact values. */
export function trialSections(analysis: ReportAnalysis): string[] {
  if (analysis.trials.length === 0) return [];
  return ['## All trials', ...tables(analysis), ...reasons(analysis), ...configurations(analysis)];
}

function tables(analysis: ReportAnalysis): string[] {
  const { trials, objective } = analysis;
  const varying = varyingParameters(analysis);
  const values = varying.map(valueColumn);
  const story = storyColumns(analysis);
  const tried = trials.some(({ expectation }) => expectation !== undefined);
  const legend = [
    `**Bold**: the best. ${nameSpan(objective.metric)}: ${better(objective)}.`,
    ...(tried
      ? [
          'Expected: what the proposer foretold against the best trial of that moment, and whether it came true (✓) or what came instead (✗).',
        ]
      : []),
    ...(varying.length < analysis.space.parameters.length ? [constantsNote(analysis, varying)] : []),
  ].join(' ');
  if (varying.length <= ONE_TABLE) {
    const split = story.findIndex(({ heading }) => heading === 'Expected' || heading === 'Why');
    const at = split === -1 ? story.length : split;
    return [markdownTable([...story.slice(0, at), ...values, ...story.slice(at)], trials), legend];
  }
  return [
    markdownTable(story, trials),
    legend,
    '### What each trial tried',
    markdownTable([numberColumn(analysis), metricColumn(analysis), ...values], trials),
  ];
}

function varyingParameters({ space, trials }: ReportAnalysis): Hyperparameter[] {
  return space.parameters.filter(
    ({ name }) => new Set(trials.map(({ trial }) => trial.proposal.hyperparameters[name])).size > 1,
  );
}

function constantsNote({ space, trials }: ReportAnalysis, varying: readonly Hyperparameter[]): string {
  const constant = space.parameters.filter((parameter) => !varying.includes(parameter));
  const shown = constant.map(
    ({ name }) => `${nameSpan(name)} = ${shownValue(trials[0]?.trial.proposal.hyperparameters[name])}`,
  );
  return `The same in every trial: ${shown.join(', ')}.`;
}

function numberColumn({ best }: ReportAnalysis): Column<ReportedTrial> {
  const cell = ({ trial }: ReportedTrial) =>
    trial.number === best?.number ? `**${trial.number}**` : String(trial.number);
  return { heading: '#', align: 'right', cell };
}

function metricColumn({ objective, best }: ReportAnalysis): Column<ReportedTrial> {
  const cell = ({ trial: { value, number } }: ReportedTrial) => {
    if (value === undefined) return '–';
    return number === best?.number ? `**${formatNumber(value)}**` : formatNumber(value);
  };
  return { heading: nameSpan(objective.metric), align: 'right', cell };
}

function storyColumns(analysis: ReportAnalysis): Column<ReportedTrial>[] {
  const { trials, codeVersions } = analysis;
  const optional = (isShown: boolean, column: Column<ReportedTrial>) => (isShown ? [column] : []);
  return [
    numberColumn(analysis),
    { heading: 'State', cell: ({ trial }) => stateWord(trial) },
    { heading: 'Origin', cell: ({ trial }) => originWord(trial.proposal.origin, trial.proposal.fallback) },
    ...optional(codeVersions.length > 1, { heading: 'Code', cell: ({ codeVersion }) => String(codeVersion ?? '–') }),
    metricColumn(analysis),
    ...optional(
      trials.some(({ expectation }) => expectation !== undefined),
      {
        heading: 'Expected',
        cell: ({ expectation }) => expectationCell(expectation),
      },
    ),
    ...optional(
      trials.some(({ trial }) => shortReason(trial) !== ''),
      {
        heading: 'Why',
        cell: ({ trial }) => cellText(shortReason(trial)),
      },
    ),
  ];
}

function valueColumn({ name }: Hyperparameter): Column<ReportedTrial> {
  return {
    heading: nameSpan(name),
    align: 'right',
    cell: ({ trial }) => shownValue(trial.proposal.hyperparameters[name]),
  };
}

function expectationCell(check: ExpectationCheck | undefined): string {
  if (check === undefined) return '–';
  const { expected, actual, cameTrue } = check;
  const hoped =
    expected.value === undefined ? expected.outcome : `${expected.outcome}, ${formatNumber(expected.value)}`;
  if (cameTrue === 'open') return `${hoped} (open)`;
  return cameTrue === 'yes' ? `${hoped} ✓` : `${hoped} ✗ ${actual ?? 'no value'}`;
}

function shortReason({ proposal }: ReportedTrial['trial']): string {
  return proposal.rationale ?? Object.values(proposal.reasons ?? {})[0] ?? '';
}

function reasons(analysis: ReportAnalysis): string[] {
  const told = analysis.trials.filter(({ trial }) => shortReason(trial) !== '' || trial.summary !== undefined);
  if (told.length === 0) return [];
  const whose =
    'The proposer’s words and the summaries, as they stand in the log; nothing in them was checked except where this report says so.';
  return ['### The reasons', whose, told.map((each) => reasonItem(each, analysis)).join('\n')];
}

function reasonItem({ trial }: ReportedTrial, analysis: ReportAnalysis): string {
  const { proposal, summary, summaryBy } = trial;
  const { origin, fallback, intent, basedOn, rationale } = proposal;
  const base =
    basedOn === undefined ? [] : [basedOn === 'default' ? 'based on the defaults' : `based on trial ${basedOn}`];
  const about = [originWord(origin, fallback), ...(intent ? [intent] : []), ...base].join(', ');
  const words = rationale ? ` ${inlineText(rationale, 1200)}` : '';
  const by = { model: 'the model', offline: 'the offline optimiser', code: 'code' }[summaryBy ?? 'code'];
  return [
    `- **Trial ${trial.number}** (${about}):${words}`,
    ...parameterReasons(trial, analysis),
    ...(summary ? [`  - *Summary by ${by}:* ${inlineText(summary, 800)}`] : []),
  ].join('\n');
}

function parameterReasons({ proposal }: ReportedTrial['trial'], { trials, defaults }: ReportAnalysis): string[] {
  const { basedOn, hyperparameters, reasons: given = {} } = proposal;
  const base = typeof basedOn === 'number' ? trials[basedOn - 1]?.trial.proposal.hyperparameters : defaults;
  const changed = new Set(basedOn === undefined ? [] : differingNames(hyperparameters, base ?? {}));
  return Object.entries(given).map(([name, reason]) => {
    const change = changed.has(name) ? ` ${shownValue(base?.[name])} → ${shownValue(hyperparameters[name])}` : '';
    return `  - ${nameSpan(name)}${change}: ${inlineText(reason, 600)}`;
  });
}

function configurations({ trials }: ReportAnalysis): string[] {
  const lines = trials.map(({ trial: { number, state, value, proposal } }) =>
    exactJson({
      trial: number,
      state,
      ...(value !== undefined && { value }),
      hyperparameters: proposal.hyperparameters,
    }),
  );
  return ['### The exact configurations', 'One trial a line, in full precision:', codeBlock(lines.join('\n'), 'json')];
}
