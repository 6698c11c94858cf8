import { differingNames, type Hyperparameters } from '../../study/trial.ts';
import type { ReportAnalysis } from '../analyse.ts';
import { unifiedDiff } from '../config-diff.ts';
import { markdownTable } from '../table.ts';
import { codeBlock, codeSpan, cutText } from '../untrusted.ts';
import { nameSpan, shownValue } from '../words.ts';

/** Longer differences are cut: a config file is a page, not a book. */
const LONGEST_DIFF = 6000;

/** What to do with the winner: the command, the config file’s change, the exact values. */
export function useIt(analysis: ReportAnalysis): string[] {
  const { best, defaults, facts } = analysis;
  if (best === undefined) return [];
  const values = best.proposal.hyperparameters;
  const changed = differingNames(values, defaults);
  const intro =
    changed.length === 0
      ? 'The best configuration is the task’s defaults: nothing to change.'
      : `Trial ${best.number} differs from the task’s defaults in ${changed.length} of ${new Set([...Object.keys(values), ...Object.keys(defaults)]).size} values:`;
  return [
    '## How to use it',
    ...trainCommand(facts),
    intro,
    ...(changed.length === 0 ? [] : [changeTable(changed, values, defaults)]),
    ...configDiff(facts.configFile),
    ...fixedNote(facts.fixed),
    'The exact values:',
    codeBlock(exactJson(values, 2), 'json'),
  ];
}

function trainCommand({ trainCommand: command, configFile }: ReportAnalysis['facts']): string[] {
  if (command === undefined) return [];
  const isChanged = configFile !== undefined && configFile.defaultText !== configFile.bestText;
  const before = isChanged ? [`With the change of ${codeSpan(configFile.path)} below:`] : [];
  return [...before, codeBlock(command, 'sh')];
}

function fixedNote(fixed: ReportAnalysis['facts']['fixed'] = {}): string[] {
  const shown = Object.entries(fixed).map(([name, value]) => `${nameSpan(name)} = ${shownValue(value)}`);
  return shown.length === 0 ? [] : [`Fixed in every trial, the defaults’ included: ${shown.join(', ')}.`];
}

function changeTable(names: readonly string[], values: Hyperparameters, defaults: Hyperparameters): string {
  return markdownTable(
    [
      { heading: 'Hyperparameter', cell: (name) => nameSpan(name) },
      { heading: 'Default', align: 'right', cell: (name) => shownValue(defaults[name]) },
      { heading: 'Best', align: 'right', cell: (name) => `**${shownValue(values[name])}**` },
    ],
    names,
  );
}

function configDiff(file: ReportAnalysis['facts']['configFile']): string[] {
  if (file === undefined) return [];
  const difference = unifiedDiff(file.defaultText, file.bestText);
  if (difference === '') return [];
  return [`The same as a change of ${codeSpan(file.path)}:`, codeBlock(cutText(difference, LONGEST_DIFF), 'diff')];
}

/** JSON in plain ASCII, every number in full precision: what is copied from the report is what ran. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[^\n -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
