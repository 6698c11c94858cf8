import { differingNames, type Hyperparameters } from '../../study/trial.ts';
import type { ReportAnalysis } from '../analyse.ts';
import { filePatch, PATCH_FILE } from '../config-diff.ts';
import { markdownTable } from '../table.ts';
import { codeBlock, codeSpan, cutText, inlineText } from '../untrusted.ts';
import { nameSpan, shownValue } from '../words.ts';

/** Longer differences are cut: a config file is a page, not a book. */
const LONGEST_DIFF = 6000;

/** What to do with the winner: the command, the config file’s change, the exact values. */
export function useIt(analysis: ReportAnalysis): string[] {
  const { best, defaults, facts, study } = analysis;
  if (best === undefined) return [];
  const values = best.proposal.hyperparameters;
  const changed = differingNames(values, defaults);
  const intro =
    changed.length === 0
      ? 'The best configuration is the task’s defaults: nothing to change.'
      : `Trial ${best.number} differs from the task’s defaults${study.profile === null ? '' : ` (profile ${codeSpan(study.profile)})`} in ${changed.length} of ${new Set([...Object.keys(values), ...Object.keys(defaults)]).size} values:`;
  return [
    '## How to use it',
    ...(study.standIn ? ['**Not for use:** these values were found on generated data.'] : []),
    intro,
    ...(changed.length === 0 ? [] : [changeTable(changed, values, defaults)]),
    ...appliesLast(analysis),
    ...commands(analysis),
    ...configDiff(facts),
    ...(facts.configProblem === undefined ? [] : [`No patch: ${inlineText(facts.configProblem, 400)}`]),
    ...fixedNote(facts.fixed),
    'The exact values:',
    codeBlock(exactJson(values, 2), 'json'),
  ];
}

/** Applied values change the task’s files, and with them what evaluate and resume can still compare. */
function appliesLast({ facts }: ReportAnalysis): string[] {
  if (facts.configFile === undefined) return [];
  return [
    `Write them into ${codeSpan(facts.configFile.path)} last, when nothing of the next steps is left to do: ${codeSpan('evaluate')} and ${codeSpan('resume')} compare with the files as they were.`,
  ];
}

function commands({ facts, study }: ReportAnalysis): string[] {
  const { trainCommand: train, configFile } = facts;
  const apply = configFile === undefined ? undefined : facts.applyCommand;
  const seed = apply !== undefined && facts.passesSeed === true ? ` (the study trained with seed ${study.seed})` : '';
  const lines = [
    ...(apply === undefined ? [] : [`# write the best values into ${configFile?.path ?? 'the config file'}`, apply]),
    ...(train === undefined ? [] : [`# train once with them${seed}`, train]),
  ];
  return lines.length === 0 ? [] : [codeBlock(lines.join('\n'), 'sh')];
}

function fixedNote(fixed: ReportAnalysis['facts']['fixed'] = {}): string[] {
  const shown = Object.entries(fixed).map(([name, value]) => `${nameSpan(name)} = ${shownValue(value)}`);
  return shown.length === 0
    ? []
    : [`Fixed in every trial, the defaults’ included, and part of what stands above: ${shown.join(', ')}.`];
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

function configDiff({ configFile: file, taskFolder }: ReportAnalysis['facts']): string[] {
  if (file === undefined) return [];
  const patch = filePatch(file.path, file.defaultText, file.bestText);
  if (patch === '') return [];
  const where = taskFolder === undefined ? 'the task’s folder' : codeSpan(taskFolder);
  const words = `The same as a change of ${codeSpan(file.path)} (the file ${codeSpan(PATCH_FILE)} beside this report; ${codeSpan('git apply')}, given in ${where}, takes it too):`;
  return [words, codeBlock(cutText(patch, LONGEST_DIFF), 'diff')];
}

/** JSON in plain ASCII, every number in full precision: what is copied from the report is what ran. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[^\n -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
