import type { Hyperparameter } from '../../study/hyperparameter.ts';
import type { ReportAnalysis, ReportedTrial } from '../analyse.ts';
import type { ExpectationCheck } from '../expectation.ts';
import { formatNumber } from '../numbers.ts';
import { type Column, markdownTable } from '../table.ts';
import { cellText } from '../untrusted.ts';
import { better, nameSpan, originWord, shownValue, stateWord } from '../words.ts';

/** With more varying hyperparameters than this, values get a table of their own, so that neither grows too wide. */
const ONE_TABLE = 4;

/** Every trial in a table to read across. */
export function trialSections(analysis: ReportAnalysis): string[] {
  if (analysis.trials.length === 0) return [];
  return ['## All trials', ...tables(analysis)];
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

export function shortReason({ proposal }: ReportedTrial['trial']): string {
  return proposal.rationale ?? Object.values(proposal.reasons ?? {})[0] ?? '';
}
