import type { Comparison, ReportAnalysis } from '../analyse.ts';
import type { Noise } from '../noise.ts';
import { countOf, formatNumber, formatPair, formatSeconds, formatShare, listOf } from '../numbers.ts';
import { inlineText } from '../untrusted.ts';
import { better, causeWord, nameSpan, rowThatCounts, searcherOf, trialList } from '../words.ts';

/** Title, the answer in two sentences, and where the study stands. */
export function headline(analysis: ReportAnalysis): string[] {
  return [title(analysis), answer(analysis), standing(analysis), ...cautions(analysis)];
}

function title(analysis: ReportAnalysis): string {
  const { facts, study } = analysis;
  const warning = facts.dataIsStandIn || study.standIn ? 'STAND-IN DATA: ' : '';
  const marks = [searcherOf(analysis), ...(facts.caveat === undefined ? [] : [facts.caveat])];
  return `# ${warning}${inlineText(facts.taskTitle, 120)} (${inlineText(marks.join('; '), 240)})`;
}

function answer(analysis: ReportAnalysis): string {
  const { best, comparison, objective } = analysis;
  if (best === undefined) return nothingWon(analysis);
  const metric = `${nameSpan(objective.metric)} = **${formatNumber(best.value)}** (${better(objective)})`;
  if (comparison === undefined) return `**Trial ${best.number} won** with ${metric}. ${withoutDefault(analysis)}`;
  const others = analysis.compared.length - 1;
  if (comparison.default.number === best.number) {
    if (others === 0)
      return `**Only the task’s defaults have a value so far**: ${metric}. There is nothing to compare them with.`;
    return `**The task’s defaults (trial ${best.number}) are still the best**, with ${metric}. ${others === 1 ? 'The other complete trial did not improve' : `None of the other ${others} complete trials improved`} on them.`;
  }
  const [won, reference] = formatPair(best.value, comparison.default.value);
  const { absolute, relative } = comparison.gain;
  const share = relative === undefined || relative > 10 ? '' : `, ${formatShare(relative)}`;
  return (
    `**Trial ${best.number} won** with ${nameSpan(objective.metric)} = **${won}** (${better(objective)}), ` +
    `better than the task’s defaults (trial ${comparison.default.number}: ${reference}) by ${formatNumber(absolute)}${share}. ` +
    noiseSentence(analysis.noise, comparison)
  );
}

/** How far the difference can be trusted, in one sentence. */
function noiseSentence(noise: Noise, { gain, significance }: Comparison): string {
  if (significance === undefined) return 'One run each, noise unknown: a small difference may be luck.';
  const { standardError, threshold, trials, isAbove } = significance;
  const errors = standardError === 0 ? 'infinitely many' : formatNumber(gain.absolute / standardError, 2);
  const judged = `${errors} standard errors, where ${formatNumber(threshold, 2)} are needed because the winner was picked among ${trials}`;
  const source =
    noise.kind === 'binomial'
      ? `binomial, ${countOf(noise.validationCount, 'validation row')}; what another training seed would change is not in it`
      : noise.kind === 'measured'
        ? `measured on ${countOf(noise.repeats, 'training')} of ${countOf(noise.configurations, 'repeated configuration')}`
        : '';
  return `That is **${isAbove ? 'above the noise' : 'not above the noise'}**: ${judged} (${source}).`;
}

function withoutDefault({ trials, compared }: ReportAnalysis): string {
  const attempted = trials.find(({ trial }) => trial.proposal.origin === 'default');
  const why =
    attempted === undefined
      ? 'The task’s defaults were not tried'
      : `The task’s defaults (trial ${attempted.trial.number}) have no value to compare with`;
  const rest =
    compared.length === 1 ? 'it is the only complete trial' : `it is the best of ${compared.length} complete trials`;
  return `${why}, so there is no baseline; ${rest}.`;
}

function nothingWon({ trials, failures, compared, codeVersions }: ReportAnalysis): string {
  if (trials.length === 0) return '**Nothing was tried yet.** The log holds no trial.';
  if (compared.length > 0)
    return '**No trial won.** Every complete trial breaks a constraint of the objective; the table says which.';
  const older = trials.some(({ trial }) => trial.state === 'complete') && codeVersions.length > 1;
  if (older)
    return '**No trial of the current code has a value yet.** Trials of earlier code are listed, but not compared.';
  const causes = failures.map(({ cause, trials: failed }) => `${causeWord(cause)} ${failed.length}`);
  const because = causes.length > 0 ? ` (${listOf(causes)})` : '';
  return `**No trial has a value.** Of ${countOf(trials.length, 'trial')}, none completed${because}; the failures are described below.`;
}

const STATE_ORDER = ['complete', 'pruned', 'failed', 'timed-out', 'interrupted', 'running', 'proposed'] as const;

const STATUS = {
  complete: 'is finished',
  partial: 'ended early',
  failed: 'failed',
  paused: 'is paused',
} as const;

function standing({ states, trials, end, facts, objective }: ReportAnalysis): string {
  const counts = STATE_ORDER.flatMap((state) => (states[state] ? [`${states[state]} ${causeWord(state)}`] : []));
  const status =
    end === undefined
      ? 'has not ended (it is running, or its process was killed)'
      : `${STATUS[end.status]} (${causeWord(end.reason)})`;
  const message = end?.message ? ` ${inlineText(end.message, 300)}` : '';
  const sum = trials.length === 0 ? '' : ` ${countOf(trials.length, 'trial')} (${listOf(counts)})`;
  return (
    `The study ${status}:${sum} in ${formatSeconds(facts.durationSeconds)}.${message} ` +
    `A trial’s value is its ${nameSpan(objective.metric)} in ${rowThatCounts(objective)}.`
  );
}

function cautions({ facts, study, codeVersions, trials, fallbacks, currentCode }: ReportAnalysis): string[] {
  const notes: string[] = [];
  if (facts.dataIsStandIn || study.standIn)
    notes.push(
      '**Stand-in data.** The data was generated to try the machinery: no number here says anything about the real task.',
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
