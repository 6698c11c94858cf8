import { SIMILAR_WITHIN } from '../../study/objective.ts';
import type { ReportAnalysis } from '../analyse.ts';
import type { Finding } from '../findings.ts';
import { countOf, formatNumber, formatShare } from '../numbers.ts';
import { codeSpan } from '../untrusted.ts';
import { nameSpan, trialList } from '../words.ts';
import { type Edge, edgePhrase } from './edges.ts';
import { correlationText } from './parameters.ts';

/** What code found by itself, and how good the expectations were. */
export function findingSections(analysis: ReportAnalysis): string[] {
  if (analysis.trials.length === 0) return [];
  if (analysis.compared.length === 0 && analysis.findings.length === 0) return [];
  const items = analysis.findings.map((finding) => `- ${findingText(finding, analysis)}`);
  const list =
    items.length > 0
      ? items.join('\n')
      : `Nothing${analysis.failures.length > 0 ? ' but the failures' : ''} stands out: no best value at an end of its range, no curve that asks for more epochs or fewer.`;
  return ['## Findings', list, ...expectations(analysis)];
}

function findingText(finding: Finding, analysis: ReportAnalysis): string {
  switch (finding.kind) {
    case 'edge':
      return edgeText(finding, analysis);
    case 'still-improving':
      return `**Still improving at the last epoch:** ${trialList(finding.trials)} (${finding.trials.length} of ${finding.of} curves)${finding.best ? ', the best among them: longer training may help' : ''}.`;
    case 'overfitting':
      return `**Overfitting:** in ${trialList(finding.trials)} (${finding.trials.length} of ${finding.of} curves) validation got worse after its best while training went on improving${finding.best ? '; the best trial is among them: fewer epochs or more regularisation may help' : ''}.`;
    case 'diverged':
      return `**Diverged:** ${trialList(finding.trials)}.`;
    case 'moved-together':
      return `${nameSpan(finding.first)} and ${nameSpan(finding.second)} **moved together** (rank correlation ${correlationText(finding.correlation)} over ${finding.trials} trials): the data cannot tell their effects apart.`;
    case 'since-best':
      return `The best came with trial ${finding.trial}; the ${countOf(finding.later, 'trial')} after it found nothing better.`;
    case 'pruned':
      return `Stopped early, with a partial value that is never compared: ${trialList(finding.trials)}.`;
    case 'broke-constraints':
      return `Complete, but against a constraint of the objective (${[...analysis.objective.constraints].map((source) => codeSpan(source)).join(', ')}), so never the best: ${trialList(finding.trials)}.`;
  }
}

function edgeText(edge: Edge, { space }: ReportAnalysis): string {
  const lies = `the best ${edgePhrase(edge, space)}`;
  if (!edge.isVaried) return `**At the edge, but never varied:** ${lies}; every trial had this value.`;
  return `**At the edge:** ${lies}; a better value may lie beyond.`;
}

function expectations({ expectations: record, noise }: ReportAnalysis): string[] {
  if (record.judged === 0) return [];
  const { judged, cameTrue, better, valueError } = record;
  const hopes =
    better.expected === 0
      ? ''
      : ` Of ${countOf(better.expected, 'trial')} expected to be better, ${better.were} ${better.were === 1 ? 'was' : 'were'}.`;
  const values =
    valueError === undefined
      ? ''
      : ` Where a value was foretold (${countOf(valueError.trials, 'trial')}), it missed by ${formatNumber(valueError.median)} in the median.`;
  const similar = noise.kind === 'unknown' ? formatShare(SIMILAR_WITHIN) : 'one standard error of the difference';
  return [
    `**Expectations:** ${cameTrue} of ${judged} came true (${formatShare(cameTrue / judged)}).${hopes}${values} Judged against the best trial at the time of the proposal; within ${similar} counts as similar; a trial without a value never came true.`,
  ];
}
