import { type Advice, differingNames } from '../../study/trial.ts';
import type { ReportAnalysis, ReportedTrial } from '../analyse.ts';
import { inlineText } from '../untrusted.ts';
import { nameSpan, originWord, shownValue } from '../words.ts';
import { shortReason } from './trials.ts';

/** Why each trial was tried and what was said of it: the proposer’s words in full. */
export function reasonSections(analysis: ReportAnalysis): string[] {
  const told = analysis.trials.filter(({ trial }) => shortReason(trial) !== '' || trial.summary !== undefined);
  if (told.length === 0) return [];
  const whose =
    'The proposer’s words and the summaries, as they stand in the log; nothing in them was checked except where this report says so.';
  return ['## The reasons, trial by trial', whose, told.map((each) => reasonItem(each, analysis)).join('\n')];
}

function reasonItem({ trial }: ReportedTrial, analysis: ReportAnalysis): string {
  const { proposal, summary, summaryBy } = trial;
  const { origin, fallback, intent, basedOn, rationale, advice } = proposal;
  const base =
    basedOn === undefined ? [] : [basedOn === 'default' ? 'based on the defaults' : `based on trial ${basedOn}`];
  const advised = advice === undefined ? [] : [advicePhrase(advice)];
  const about = [originWord(origin, fallback), ...advised, ...(intent ? [intent] : []), ...base].join(', ');
  const words = rationale ? ` ${inlineText(rationale, 1200)}` : '';
  const by = { model: 'the model', offline: 'the offline optimiser', code: 'code' }[summaryBy ?? 'code'];
  return [
    `- **Trial ${trial.number}** (${about}):${words}`,
    ...parameterReasons(trial, analysis),
    ...(summary ? [`  - *Summary by ${by}:* ${inlineText(summary, 800)}`] : []),
  ].join('\n');
}

function advicePhrase({ taken, candidate }: Advice): string {
  return taken === 'overruled' ? 'overruled the optimiser' : `${taken} candidate ${candidate.number}`;
}

function parameterReasons({ proposal }: ReportedTrial['trial'], { trials, defaults }: ReportAnalysis): string[] {
  const { basedOn, hyperparameters, reasons: given = {}, advice } = proposal;
  const candidate = basedOn === undefined ? advice?.candidate.hyperparameters : undefined;
  const parent = typeof basedOn === 'number' ? trials[basedOn - 1]?.trial.proposal.hyperparameters : defaults;
  const base = candidate ?? parent;
  const isCompared = basedOn !== undefined || candidate !== undefined;
  const changed = new Set(isCompared ? differingNames(hyperparameters, base ?? {}) : []);
  return Object.entries(given).map(([name, reason]) => {
    const change = changed.has(name) ? ` ${shownValue(base?.[name])} → ${shownValue(hyperparameters[name])}` : '';
    return `  - ${nameSpan(name)}${change}: ${inlineText(reason, 600)}`;
  });
}
