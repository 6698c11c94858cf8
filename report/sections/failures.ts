import type { FailurePattern } from '../../study/failure-pattern.ts';
import type { Trial } from '../../study/trial.ts';
import type { ReportAnalysis } from '../analyse.ts';
import type { FailureGroup } from '../failures.ts';
import { countOf, formatShare } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { cellText, codeBlock, codeSpan, inlineText, tailOf } from '../untrusted.ts';
import { causeWord, changesText, nameSpan, originWord, shownValue, trialList } from '../words.ts';

/** Trials without a value, and proposals that never became trials. */
export function failureSections(analysis: ReportAnalysis): string[] {
  return [...failures(analysis), ...rejections(analysis)];
}

/** Failed trials of one cause that are shown with their configurations; the table of all trials has the rest. */
const MOST_SHOWN = 8;

function failures(analysis: ReportAnalysis): string[] {
  const { failures: groups, trials } = analysis;
  if (groups.length === 0) return [];
  const failed = groups.reduce((sum, group) => sum + group.trials.length, 0);
  return [
    '## Failures',
    `${failed} of ${countOf(trials.length, 'trial')} ended without a value: ${causeCounts(groups)}.`,
    ...groups.flatMap((group) => failureGroup(group, analysis)),
    ...withheldNote(groups),
  ];
}

function withheldNote(groups: readonly FailureGroup[]): string[] {
  const names = [...new Set(groups.flatMap(({ withheld }) => withheld))];
  if (names.length === 0) return [];
  return [
    `Set here, but not passed on to the trainings that failed: ${names.map((name) => codeSpan(name)).join(', ')}.`,
  ];
}

/** `out of memory 3 (trials 3, 7 and 8), diverged 1 (trial 5)`. */
export function causeCounts(groups: readonly FailureGroup[]): string {
  return groups.map(({ cause, trials }) => `${causeWord(cause)} ${trials.length} (${trialList(trials)})`).join(', ');
}

function failureGroup(group: FailureGroup, analysis: ReportAnalysis): string[] {
  const { cause, trials, tail, patterns } = group;
  return [
    `### ${causeWord(cause).replace(/^./, (letter) => letter.toUpperCase())}: ${trialList(trials)}`,
    ...patterns.map((pattern) => `**Observed:** ${patternText(pattern, group)}`),
    configurationTable(trials, analysis),
    ...(tail.trim() === '' ? [] : [`The end of trial ${trials.at(-1)}’s output:`, codeBlock(tailOf(tail), 'text')]),
  ];
}

const RELATIONS = { 'at-least': '≥', 'at-most': '≤', is: '=' } as const;

/** The separation in short: `all 3 had batch_size ≥ 256, none of the 7 complete trials did`. */
export function patternShort({ name, relation, value, complete }: FailurePattern, { trials }: FailureGroup): string {
  return `all ${trials.length} had ${nameSpan(name)} ${RELATIONS[relation]} ${shownValue(value)}, none of the ${complete} complete trials did`;
}

function patternText(pattern: FailurePattern, group: FailureGroup): string {
  return `${patternShort(pattern, group)}. That is what the log shows, not a proven cause; luck alone separates some hyperparameter like this in at most ${formatShare(pattern.chance)} of studies this size.`;
}

function configurationTable(numbers: readonly number[], { trials, defaults }: ReportAnalysis): string {
  const shown = numbers.slice(0, MOST_SHOWN).flatMap((number) => trials[number - 1]?.trial ?? []);
  const more = numbers.length - shown.length;
  const table = markdownTable<Trial>(
    [
      { heading: 'Trial', align: 'right', cell: ({ number }) => String(number) },
      {
        heading: 'Differs from the defaults in',
        cell: ({ proposal }) => changesText(proposal.hyperparameters, defaults),
      },
      { heading: 'What happened', cell: ({ failure }) => inlineText(failure?.message ?? '', 400) },
    ],
    shown,
  );
  return more === 0 ? table : `${table}\n\nand ${countOf(more, 'trial')} more; the table of all trials has them.`;
}

function rejections({ rejections: { proposals, kinds }, fallbacks, trials }: ReportAnalysis): string[] {
  if (proposals === 0 && fallbacks.length === 0) return [];
  const origins = [...new Set(fallbacks.map((number) => trials[number - 1]?.trial.proposal.origin))]
    .flatMap((origin) => (origin === undefined ? [] : [originWord(origin)]))
    .join(', ');
  const fallback =
    fallbacks.length === 0
      ? 'No fallback was needed.'
      : `In the end ${trialList(fallbacks)} used a sampler’s point instead (fallback: ${origins}).`;
  const sentBack =
    proposals === 0
      ? 'No proposal was sent back.'
      : `${countOf(proposals, 'proposal')} ${proposals === 1 ? 'was' : 'were'} sent back with the exact violation; none was changed silently.`;
  return [
    '## Rejected proposals',
    `${sentBack} ${fallback}`,
    ...(kinds.length === 0
      ? []
      : [
          markdownTable(
            [
              { heading: 'Why', cell: ({ why }) => why },
              { heading: 'Count', align: 'right', cell: ({ count }) => String(count) },
              { heading: 'For example', cell: ({ example }) => cellText(example, 140) },
            ],
            kinds,
          ),
        ]),
  ];
}
