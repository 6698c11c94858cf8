import type { ReportAnalysis } from '../analyse.ts';
import type { FailureGroup } from '../failures.ts';
import { countOf } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { cellText, codeBlock, codeSpan, inlineText, tailOf } from '../untrusted.ts';
import { causeWord, originWord, trialList } from '../words.ts';

/** Trials without a value, and proposals that never became trials. */
export function failureSections(analysis: ReportAnalysis): string[] {
  return [...failures(analysis), ...rejections(analysis)];
}

function failures({ failures: groups, trials }: ReportAnalysis): string[] {
  if (groups.length === 0) return [];
  const failed = groups.reduce((sum, group) => sum + group.trials.length, 0);
  return [
    '## Failures',
    `${failed} of ${countOf(trials.length, 'trial')} ended without a value.`,
    ...groups.flatMap(failureGroup),
  ];
}

function failureGroup({ cause, trials, message, tail, withheld }: FailureGroup): string[] {
  const latest = trials.length > 1 ? `The latest (trial ${trials.at(-1)}): ` : '';
  return [
    `**${causeWord(cause)}** (${trials.length}): ${trialList(trials)}. ${latest}${inlineText(message, 400)}`,
    ...(tail.trim() === '' ? [] : [codeBlock(tailOf(tail), 'text')]),
    ...(withheld.length === 0
      ? []
      : [`Set here, but not passed on to the training: ${withheld.map((name) => codeSpan(name)).join(', ')}.`]),
  ];
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
