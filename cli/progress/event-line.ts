import { tokensUsed } from '../../study/budget.ts';
import type { EventOf, StudyEvent } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { MODEL_QUIRKS } from '../../study/model-quirk.ts';
import type { Trial } from '../../study/trial.ts';
import { hintsOf, suggestionsIn } from '../../study/user-inputs.ts';
import { formatDuration } from '../durations.ts';
import { formatCount, formatDollars, formatNumber } from '../numbers.ts';
import { type Line, oneLine, type Span, type Style } from '../terminal-text.ts';
import { describeTrials } from './budget-words.ts';
import { describeChanges, describeGain, describeReason, describeTrouble, trainingSeconds } from './trial-words.ts';

/** An event as one line of words, once it is in the history; undefined for what is shown elsewhere: a study’s start, model calls. */
export function eventLine(event: StudyEvent, history: History): Line | undefined {
  switch (event.event) {
    case 'study-started':
      return undefined;
    case 'study-resumed':
      return words(`resumed${describeModel(event)}: ${standing(history)}`, 'bold');
    case 'model-called':
      return undefined;
    case 'model-learned':
      return words(`${oneLine(event.model)} ${MODEL_QUIRKS[event.quirk]}`);
    case 'proposal-rejected':
      return words(`trial ${event.trial}: ${describeRejection(event)}`, 'magenta');
    case 'trial-proposed':
      return trialProposed(event.trial, history);
    case 'attempt-started': {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return words(`trial ${event.trial} started${again} (time limit ${formatDuration(event.timeLimitSeconds)})`);
    }
    case 'attempt-ended':
      return attemptEnded(event);
    case 'trial-finished':
      return trialFinished(event.trial, history);
    case 'user-input':
      return words(describeInput(event));
    case 'budget-reached':
      return words(`budget reached: ${describeUsed(event)}`);
    case 'evaluation-finished':
      return words(`evaluated: ${event.metric} with seed ${event.seed}`);
    case 'confirmation-trained':
      return words(`trained with seed ${event.seed} to confirm`);
    case 'study-paused':
      return words(`paused: ${oneLine(event.message)}`, 'magenta');
    case 'study-finished':
      return words(
        `${END_WORDS[event.status]} in ${formatDuration(history.activeSeconds)}: ${standing(history)}`,
        event.status === 'failed' ? 'red' : 'bold',
      );
  }
}

/** What was not tried, and why; one line. */
export function describeRejection({ origin, violations, by }: EventOf<'proposal-rejected'>): string {
  const why = violations.length === 0 ? '' : `: ${oneLine(violations.join('; '))}`;
  if (by === 'user') return `turned down by the user${why}`;
  return `${origin === 'user' ? 'suggestion' : 'proposal'} rejected${why}`;
}

function describeInput(event: EventOf<'user-input'>): string {
  const [hint] = hintsOf({ inputs: [event] });
  if (hint !== undefined) return `hint from the user: ${oneLine(hint)}`;
  const [suggestion] = suggestionsIn([event]);
  if (suggestion === undefined) return `input received: ${oneLine(event.kind)}`;
  const values = Object.entries(suggestion.hyperparameters).map(([name, value]) => `${name}=${value}`);
  return `suggested by the user: ${oneLine(values.join(', '))}`;
}

function describeUsed({ unit, used, limit }: EventOf<'budget-reached'>): string {
  if (unit === 'usd') return `${formatDollars(used)} of ${formatDollars(limit)}`;
  return `${formatNumber(used)} of ${formatNumber(limit)} ${unit}`;
}

const END_WORDS: Record<EventOf<'study-finished'>['status'], string> = {
  complete: 'finished',
  partial: 'ended early',
  failed: 'failed',
};

/** Enough for what a proposal is after; the report has the rest. */
const REASON_CHARACTERS = 160;

/** How far a study is and what it has found, in one clause. */
/** The model that a resume brought in. */
function describeModel({ changes }: EventOf<'study-resumed'>): string {
  return changes?.model === undefined ? '' : ` with ${oneLine(changes.model)}`;
}

function standing(history: History): string {
  const { incumbent, objective } = history;
  const done = `${describeTrials(history)} done`;
  if (incumbent?.value === undefined) return `${done}, none with a value yet`;
  const gain = describeGain(history);
  const best = `best ${objective.metric} ${formatNumber(incumbent.value)} in trial ${incumbent.number}`;
  return `${done}, ${best}${gain === undefined ? '' : ` (${gain})`}`;
}

function trialProposed(number: number, history: History): Line | undefined {
  const trial = history.trial(number);
  if (trial === undefined) return undefined;
  const reason = describeReason(trial);
  return [
    { text: `trial ${number} proposed (${proposerOf(trial)}): ${describeChanges(trial, history)}` },
    ...(reason === undefined ? [] : [{ text: ` | ${oneLine(reason, REASON_CHARACTERS)}`, style: 'dim' } as const]),
  ];
}

/** `creator`, and in `hybrid` what it did with the optimiser’s candidates: `creator, adapted candidate 2`. */
function proposerOf({ proposal: { origin, advice } }: Trial): string {
  if (advice === undefined) return origin;
  return `${origin}, ${advice.taken}${advice.taken === 'overruled' ? ' the optimiser' : ` candidate ${advice.candidate.number}`}`;
}

function attemptEnded({ trial, outcome, exitCode, wallSeconds }: EventOf<'attempt-ended'>): Line | undefined {
  if (outcome === 'exited' && exitCode === 0) return undefined;
  const how = outcome === 'exited' ? `exited with ${exitCode ?? 'a signal'}` : outcome;
  return words(`trial ${trial} training ${how}${wallSeconds === null ? '' : ` after ${formatDuration(wallSeconds)}`}`);
}

function trialFinished(number: number, history: History): Line | undefined {
  const trial = history.trial(number);
  if (trial === undefined) return undefined;
  const trouble = describeTrouble(trial);
  const isBest = history.incumbent?.number === number;
  const value = trial.value === undefined ? '' : `: ${history.objective.metric} ${formatNumber(trial.value)}`;
  const tokens = tokensUsed(history);
  return [
    { text: `trial ${number} ${trial.state}${value}`, style: styleOf(trial.state, isBest) },
    ...(isBest ? [{ text: ' (best so far)', style: 'green' } as const] : []),
    { text: ` in ${formatDuration(trainingSeconds(trial))}` },
    ...(trouble === undefined ? [] : [{ text: ` | ${trouble}` }]),
    ...(tokens === 0 ? [] : [{ text: ` | ${formatCount(tokens)} tokens so far`, style: 'dim' } as const]),
  ];
}

function styleOf(state: string, isBest: boolean): Style {
  if (state === 'failed' || state === 'timed-out') return 'red';
  return isBest ? 'green' : 'bold';
}

function words(text: string, style?: Style): Span[] {
  return [style === undefined ? { text } : { text, style }];
}
