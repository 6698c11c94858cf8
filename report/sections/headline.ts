import type { ReportAnalysis } from '../analyse.ts';
import { countOf, formatNumber, formatSeconds, listOf } from '../numbers.ts';
import { inlineText } from '../untrusted.ts';
import { causeWord, nameSpan, originWord, rowThatCounts, searcherOf, trialList } from '../words.ts';
import { atAGlance } from './at-a-glance.ts';

/** The first screen: title, what must not be overlooked, the eight answers, and where the study stands. */
export function headline(analysis: ReportAnalysis): string[] {
  return [title(analysis), ...cautions(analysis), ...atAGlance(analysis), standing(analysis)];
}

function title(analysis: ReportAnalysis): string {
  const { facts, study } = analysis;
  const marks = [searcherOf(analysis), ...(facts.caveat === undefined ? [] : [facts.caveat])];
  const standIn = facts.dataIsStandIn || study.standIn ? 'STAND-IN DATA: ' : '';
  return `# ${standIn}${inlineText(facts.taskTitle, 120)} (${inlineText(marks.join('; '), 240)})`;
}

const STATE_ORDER = ['complete', 'pruned', 'failed', 'timed-out', 'interrupted', 'running', 'proposed'] as const;

const STATUS = {
  complete: 'is finished',
  partial: 'ended early',
  failed: 'failed',
  paused: 'is paused',
} as const;

function standing(analysis: ReportAnalysis): string {
  const { states, trials, end, facts, objective } = analysis;
  const counts = STATE_ORDER.flatMap((state) => (states[state] ? [`${states[state]} ${causeWord(state)}`] : []));
  const status =
    end === undefined
      ? 'has not ended (it is running, or its process was killed)'
      : `${STATUS[end.status]} (${causeWord(end.reason)})`;
  const message = end?.message ? ` ${inlineText(end.message.split('\n')[0] ?? '', 300)}` : '';
  const sum = trials.length === 0 ? '' : ` ${countOf(trials.length, 'trial')} (${listOf(counts)})`;
  return (
    `The study ${status}:${sum} in ${formatSeconds(facts.durationSeconds)}.${message} ${proposers(analysis)}` +
    `A trial’s value is its ${nameSpan(objective.metric)} in ${rowThatCounts(objective)}.`
  );
}

/** `Proposed by: the defaults 1, tpe 9.` */
function proposers({ trials }: ReportAnalysis): string {
  const counts = new Map<string, number>();
  for (const { trial } of trials) {
    const who = originWord(trial.proposal.origin, trial.proposal.fallback);
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  return `Proposed by: ${[...counts].map(([who, count]) => `${who} ${count}`).join(', ')}. `;
}

function cautions({ facts, study, codeVersions, trials, fallbacks, currentCode, trivial }: ReportAnalysis): string[] {
  const notes: string[] = [];
  if (facts.dataIsStandIn || study.standIn)
    notes.push(
      '**Stand-in data.** The data was generated to try the machinery: no number here says anything about the real task.',
    );
  if (trivial?.isBeaten === false)
    notes.push(
      `**Nothing was learned.** The best value is no better than what is reached without learning (${formatNumber(trivial.value)}): look for a fault in the script or the data before anything is read into these trials.`,
    );
  if (codeVersions.length > 1) {
    const versions = codeVersions.map((hash, index) => {
      const ran = trials.filter(({ codeVersion }) => codeVersion === index + 1).map(({ trial }) => trial.number);
      return `version ${index + 1}${hash === currentCode ? ' (current)' : ''}: ${trialList(ran)}`;
    });
    notes.push(
      `**The code changed during the study** (${versions.join('; ')}). Values are compared within the current version only.`,
    );
  }
  if (fallbacks.length > 0)
    notes.push(
      `In ${trialList(fallbacks)} the proposer had no acceptable proposal: a sampler’s point was used, marked (fallback) in the table.`,
    );
  return notes;
}
