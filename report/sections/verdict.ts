import type { Valued } from '../../study/comparable.ts';
import { improvement } from '../../study/objective.ts';
import { differingNames } from '../../study/trial.ts';
import type { Comparison, ReportAnalysis } from '../analyse.ts';
import { confirmationVerdict } from '../confirmation-words.ts';
import { repeatsOf } from '../evaluations.ts';
import type { Noise } from '../noise.ts';
import { countOf, formatNumber, formatPair, formatShare, listOf } from '../numbers.ts';
import { better, causeWord, changesText, nameSpan } from '../words.ts';
import { nextSteps } from './next-steps.ts';

/** A relative lead below this is called a tie. */
const TIE = 0.01;

/** What won, by how much, and how far that can be trusted: each an answer of the first screen. */

export function winner(analysis: ReportAnalysis): string {
  const { best, objective, defaults } = analysis;
  if (best === undefined) return nothingWon(analysis);
  const { hyperparameters, origin } = best.proposal;
  const value = `${nameSpan(objective.metric)} = **${formatNumber(best.value)}** (${better(objective)})`;
  const changed = differingNames(hyperparameters, defaults);
  const isDefault = changed.length === 0;
  const isAll = changed.length === new Set([...Object.keys(hyperparameters), ...Object.keys(defaults)]).size;
  const what = isDefault
    ? `**The task’s defaults (trial ${best.number})** with ${value}`
    : `**Trial ${best.number}** with ${value}: ${changesText(hyperparameters, defaults)}${isAll ? '' : '; all else as the defaults'}`;
  const ties = analysis.compared.filter(
    ({ value: other, number, brokenConstraints }) =>
      other === best.value && number !== best.number && brokenConstraints.length === 0,
  );
  const tied =
    ties.length === 0
      ? ''
      : ` ${countOf(ties.length, 'later trial')} ended with exactly the same value; the first counts.`;
  return `${what}.${tied}${origin === 'default' || !isDefault ? '' : ' It was proposed again.'}`;
}

function nothingWon({ trials, failures, compared, codeVersions }: ReportAnalysis): string {
  if (trials.length === 0) return '**None: nothing was tried yet.** The log holds no trial.';
  if (compared.length > 0)
    return '**None: every complete trial breaks a constraint of the objective.** The table says which.';
  const older = trials.some(({ trial }) => trial.state === 'complete') && codeVersions.length > 1;
  if (older)
    return '**None: no trial of the current code has a value yet.** Trials of earlier code are listed, but not compared.';
  const causes = failures.map(({ cause, trials: numbers }) => `${causeWord(cause)} ${numbers.length}`);
  if (causes.length === 0) return '**None yet: no trial has ended.**';
  return `**None: no trial has a value.** Of ${countOf(trials.length, 'trial')}, none completed (${listOf(causes)}).`;
}

export function margin(analysis: ReportAnalysis): string {
  const { best, comparison, compared } = analysis;
  if (best === undefined) return 'Nothing to compare.';
  if (comparison === undefined) return withoutDefault(analysis);
  const others = compared.length - 1;
  if (comparison.default.number === best.number) {
    if (others === 0) return 'Only the task’s defaults have a value so far: nothing to compare them with.';
    return `By nothing over the defaults: they are the winner. ${others === 1 ? 'The other complete trial was' : `The other ${others} complete trials were`} no better.`;
  }
  const [won, reference] = formatPair(best.value, comparison.default.value);
  const { absolute, relative } = comparison.gain;
  const share = relative === undefined || relative > 10 ? '' : ` (${formatShare(relative)})`;
  const isTie = (relative !== undefined && relative < TIE) || isWithinNoise(analysis, absolute);
  return `${isTie ? '**Practically a tie with the defaults:** better' : 'Better than the task’s defaults'} by **${formatNumber(absolute)}**${share}: ${won} against ${reference} (trial ${comparison.default.number}).${runnerUp(analysis, best)}`;
}

/** What is reached without learning, beside the value that it is to be compared with. */
export function withoutLearning({ trivial, best }: ReportAnalysis): string {
  if (trivial === undefined) return '';
  const [value] = best === undefined ? [formatNumber(trivial.value)] : formatPair(trivial.value, best.value);
  return ` Without learning: ${value}${trivial.metric === undefined ? '' : ` (${nameSpan(trivial.metric)})`}.`;
}

/** A lead smaller than what one more training of a configuration changes is called a tie, unless fresh seeds confirmed it. */
function isWithinNoise({ noise: known, confirmation }: ReportAnalysis, lead: number): boolean {
  return known.kind === 'measured' && lead < known.deviation && confirmation?.verdict !== 'confirmed';
}

/** The lead that another seed may well turn around: not the one over the defaults, but the one over the next best. */
function runnerUp({ compared, comparison, objective }: ReportAnalysis, best: Valued): string {
  const [next] = compared
    .filter(({ number, brokenConstraints }) => number !== best.number && brokenConstraints.length === 0)
    .toSorted((a, b) => improvement(b.value, a.value, objective.direction));
  if (next === undefined || next.number === comparison?.default.number) return '';
  const [, other] = formatPair(best.value, next.value);
  return ` The runner-up is trial ${next.number} with ${other}.`;
}

function withoutDefault({ trials, compared }: ReportAnalysis): string {
  const attempted = trials.find(({ trial }) => trial.proposal.origin === 'default');
  const why =
    attempted === undefined
      ? 'the task’s defaults were not tried'
      : `the task’s defaults (trial ${attempted.trial.number}) have no value of their own`;
  const rest =
    compared.length === 1 ? 'It is the only complete trial' : `It is the best of ${compared.length} complete trials`;
  return `Unknown: ${why}, so there is no baseline. ${rest}.`;
}

export function noise(analysis: ReportAnalysis): string {
  const { comparison, best, noise: known, confirmation } = analysis;
  if (best === undefined || comparison === undefined) return 'There is no margin to judge.';
  if (comparison.default.number === best.number) return 'There is no margin to judge: the defaults won.';
  const judged = noiseSentence(known, comparison, repeatSentence(analysis));
  if (confirmation === undefined) return judged + inferred(analysis) + howToLearn(analysis);
  const verdict = `**${capitalised(confirmationVerdict(confirmation))}.**`;
  return `${verdict} ${known.kind === 'unknown' ? WITHOUT_CHANCE : judged}`;
}

/** Repeats whose noise is unknown all the same are those that do not differ at all. */
const WITHOUT_CHANCE = 'Every repeat gave exactly the same value: no chance shows in this training.';

/** Where nothing was trained twice: what near neighbours say, which is a guess. */
function inferred({ noise: known, facts: { inferredNoise }, comparison }: ReportAnalysis): string {
  if (known.kind !== 'unknown' || inferredNoise === undefined || comparison === undefined) return '';
  const { deviation, values } = inferredNoise;
  const lead = comparison.gain.absolute;
  const stands = lead < deviation ? 'the lead is smaller: a tie' : 'the lead is larger';
  return ` A Gaussian process over the ${values} values, which judges by near neighbours, puts it at ${formatNumber(deviation, 2)}: ${stands}.`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How far the difference can be trusted, in one sentence. */
function noiseSentence(known: Noise, { gain, significance }: Comparison, repeated: string | undefined): string {
  if (significance === undefined)
    return repeated ?? '**Unknown**: no configuration was trained with a second seed, so a small margin may be luck.';
  const { standardError, threshold, trials, isAbove } = significance;
  const errors = standardError === 0 ? 'infinitely many' : formatNumber(gain.absolute / standardError, 2);
  const judged = `${errors} standard errors, where ${formatNumber(threshold, 2)} are needed because the winner was picked among ${trials}`;
  const source =
    known.kind === 'binomial'
      ? `binomial, ${countOf(known.validationCount, 'validation row')}; what another training seed would change is not in it`
      : known.kind === 'measured'
        ? `the noise is ${formatNumber(known.deviation, 2)}, measured on ${countOf(known.repeats, 'training')} of ${countOf(known.configurations, 'repeated configuration')}`
        : '';
  const sentence = `**${isAbove ? 'Yes' : 'No, not above the noise'}**: ${judged} (${source}).`;
  return repeated === undefined ? sentence : `${sentence} ${repeated}`;
}

/** What the repeats with other seeds say; undefined without any. */
function repeatSentence({ evaluations, study }: ReportAnalysis): string | undefined {
  const repeats = repeatsOf(evaluations, study.seed);
  if (repeats.length === 0) return undefined;
  const holding = repeats.filter(({ lead }) => lead > 0).length;
  const seeds = `${repeats.length === 1 ? 'seed' : 'seeds'} ${listOf(repeats.map(({ seed }) => String(seed)))}`;
  const leads = listOf(repeats.map(({ lead }) => formatNumber(lead, 3)));
  return `With ${seeds} the lead was ${leads}: **it holds in ${holding} of ${repeats.length}**.`;
}

function howToLearn(analysis: ReportAnalysis): string {
  const command = analysis.facts.repeatCommand;
  const step = nextSteps(analysis).findIndex((each) => each.command !== undefined && each.command === command);
  if (step === -1) return '';
  return ` ${repeatsOf(analysis.evaluations, analysis.study.seed).length > 0 ? 'For one seed more' : analysis.noise.kind === 'unknown' ? 'To find out' : 'To learn what another seed changes'}: next step ${step + 1}.`;
}
