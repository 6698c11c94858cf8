import { differingNames } from '../../study/trial.ts';
import { totalTokens, type Usage } from '../../study/usage.ts';
import type { ReportAnalysis } from '../analyse.ts';
import { countOf, formatNumber, formatSeconds } from '../numbers.ts';
import { codeSpan, inlineText } from '../untrusted.ts';
import { askedModel, asksOffline, causeWord, changesText, nameSpan, trialList } from '../words.ts';
import { edgePhrase, edgesAmong } from './edges.ts';
import { causeCounts, patternShort } from './failures.ts';
import { nextSteps } from './next-steps.ts';
import { margin, noise, winner, withoutLearning } from './verdict.ts';

/** The eight questions that a reader brings, each answered in a line; the sections below have the details. */
export function atAGlance(analysis: ReportAnalysis): string[] {
  const answers: readonly (readonly [string, string])[] = [
    ['Which configuration won?', winner(analysis)],
    ['By how much?', `${margin(analysis)}${withoutLearning(analysis)}`],
    ['Is that above the noise?', noise(analysis)],
    ['What did it cost?', cost(analysis)],
    ['Which trials failed?', failed(analysis)],
    ['Is the data real?', data(analysis)],
    ['Is a best value at its range’s edge?', edges(analysis)],
    ['What next?', next(analysis)],
  ];
  return [answers.map(([question, answer]) => `- **${question}** ${answer}`).join('\n')];
}

function cost(analysis: ReportAnalysis): string {
  const { total } = analysis.cost;
  const time = timeWords(analysis.cost);
  if (total.requests === 0) return `${time}. No model was asked: no requests, no tokens, free.`;
  const requests = countOf(total.requests, 'request');
  if (asksOffline(analysis))
    return `${time}. ${requests} to the embedded offline optimiser: no language model, no tokens, free.`;
  const tokens = totalTokens(total);
  const estimated = total.estimatedTokens > 0 ? `, ${formatNumber(total.estimatedTokens)} of them estimated` : '';
  const money =
    total.costUsd === null
      ? 'money: unknown (the model’s price is not known)'
      : `\\$${formatNumber(total.costUsd, 3)}${estimatedMoney(total)}`;
  return `${time}. ${requests} to ${inlineText(askedModel(analysis), 80)}, ${formatNumber(tokens)} tokens${estimated}; ${money}.`;
}

function estimatedMoney({ estimatedUsd }: Usage): string {
  return estimatedUsd > 0 ? `, \\$${formatNumber(estimatedUsd, 3)} of it estimated` : '';
}

/** Trainings may outlive a tuner that was killed: then they took longer than anybody worked on the study. */
function timeWords({ activeSeconds, trainingSeconds, attempts }: ReportAnalysis['cost']): string {
  const [active, training, count] = [
    formatSeconds(activeSeconds),
    formatSeconds(trainingSeconds),
    countOf(attempts, 'attempt'),
  ];
  return trainingSeconds > activeSeconds
    ? `${training} of training (${count}), part of it while no tuner ran; agenthpo was at work for ${active}`
    : `${active}, ${training} of it training (${count})`;
}

/** Failed trials this few are told with their configurations. */
const FEW = 2;

function failed(analysis: ReportAnalysis): string {
  const { failures, trials } = analysis;
  const numbers = failures.flatMap((group) => group.trials);
  const against = brokenConstraints(analysis);
  if (numbers.length === 0) return `${trials.length === 0 ? 'None was tried.' : `None of ${trials.length}.`}${against}`;
  const patterns = failures.flatMap((group) =>
    group.patterns.map((pattern) => `Observed (${causeWord(group.cause)}): ${patternShort(pattern, group)}.`),
  );
  const counts = `**${numbers.length} of ${trials.length}**: ${causeCounts(failures)}.`;
  return `${[counts, ...patterns.slice(0, 3), whatFailed(numbers, analysis)].join(' ')}${against}`;
}

function brokenConstraints({ trials }: ReportAnalysis): string {
  const broken = trials.map(({ trial }) => trial).filter((trial) => trial.brokenConstraints.length > 0);
  if (broken.length === 0) return '';
  const sources = [...new Set(broken.flatMap((trial) => trial.brokenConstraints))]
    .map((source) => codeSpan(source))
    .join(', ');
  return ` Complete, but against a constraint of the objective (${sources}): ${trialList(broken.map(({ number }) => number))}.`;
}

function whatFailed(numbers: readonly number[], { trials, defaults }: ReportAnalysis): string {
  if (numbers.length > FEW) return 'Each one’s configuration is under Failures.';
  const told = numbers.flatMap((number) => trials[number - 1]?.trial ?? []);
  const each = told.map(({ number, proposal, failure }) => {
    const message = inlineText(failure?.message ?? '', 120).replace(/\.$/, '');
    const changed = differingNames(proposal.hyperparameters, defaults).length > 0;
    const what = changed ? `with ${changesText(proposal.hyperparameters, defaults)}` : 'with the defaults';
    return `Trial ${number}, ${what}: ${message}.`;
  });
  return each.join(' ');
}

function data({ facts, study }: ReportAnalysis): string {
  if (facts.dataIsStandIn || study.standIn)
    return '**No: stand-in data**, generated to try the machinery. No number here says anything about the real task.';
  const script = facts.script === undefined ? 'the training script' : nameSpan(facts.script);
  const says = facts.dataset === undefined ? '' : ` The task says: ${inlineText(facts.dataset, 200)}`;
  return `It is what ${script} loads; agenthpo neither made nor replaced it, and did not check it.${says}`;
}

function edges({ best, findings, space }: ReportAnalysis): string {
  if (best === undefined) return 'Nothing won.';
  const found = edgesAmong(findings);
  if (found.length === 0) return 'No.';
  const phrases = found.map((edge) => `${edgePhrase(edge, space)}${edge.isVaried ? '' : ' (never varied)'}`);
  return `**Yes**: ${phrases.join('; ')}.`;
}

function next(analysis: ReportAnalysis): string {
  const steps = nextSteps(analysis).map(({ short }, index) => `(${index + 1}) ${short}`);
  return steps.length === 0 ? 'Wait for the first trial.' : `${steps.join('; ')}. The commands are under Next steps.`;
}
