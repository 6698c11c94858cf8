import type { EventOf, StudyEvent } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import { formatDuration } from '../durations.ts';
import { formatCount, formatNumber } from '../numbers.ts';
import { type Line, oneLine, type Span, type Style } from '../terminal-text.ts';
import {
  describeChanges,
  describeGain,
  describeOrigin,
  describeReason,
  describeTrouble,
  trainingSeconds,
} from './trial-words.ts';

/** An event as one line of words, once it is in the history; undefined for what only the live view shows (model calls). */
export function eventLine(event: StudyEvent, history: History): Line | undefined {
  switch (event.event) {
    case 'study-started':
      return studyLines(event).flatMap((line, index) => (index === 0 ? line : [{ text: ' · ' }, ...line]));
    case 'study-resumed':
      return words(`study resumed: ${standing(history)}`, 'bold');
    case 'model-called':
      return undefined;
    case 'proposal-rejected':
      return words(`trial ${event.trial}: proposal rejected: ${oneLine(event.violations.join('; '))}`, 'yellow');
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
      return words(`input received: ${event.kind}`);
    case 'budget-reached':
      return words(`budget reached: ${formatNumber(event.used)} of ${formatNumber(event.limit)} ${event.unit}`);
    case 'study-paused':
      return words(`study paused (${event.reason}): ${oneLine(event.message)}`, 'yellow');
    case 'study-finished':
      return words(
        `study ${event.status} (${event.reason}): ${standing(history)}`,
        event.status === 'failed' ? 'red' : 'bold',
      );
  }
}

/** How far a study is and what it has found, in one clause. */
function standing(history: History): string {
  const { finished, incumbent, objective } = history;
  const done = `${finished.length} ${finished.length === 1 ? 'trial' : 'trials'} done`;
  if (incumbent?.value === undefined) return `${done}, none with a value yet`;
  const gain = describeGain(history);
  const best = `best ${objective.metric} ${formatNumber(incumbent.value)} in trial ${incumbent.number}`;
  return `${done}, ${best}${gain === undefined ? '' : ` (${gain})`}`;
}

/** A study’s first two lines: what is tuned and how, by which model and under which name. */
export function studyLines(event: EventOf<'study-started'>): [Line, Line] {
  const { task, study, strategy, model, seed, objective, standIn } = event;
  const how = `  ${objective.direction} ${objective.metric} · strategy ${strategy} · seed ${seed}`;
  const mark: Span[] = standIn ? [{ text: ' · stand-in data', style: 'yellow' }] : [];
  return [[{ text: task, style: 'bold' }, { text: how }, ...mark], words(`${describeModel(model)} · ${study}`, 'dim')];
}

function describeModel(model: string | null): string {
  if (model === null) return 'no model';
  return model === 'offline' ? 'offline optimiser, no language model' : model;
}

function trialProposed(number: number, history: History): Line | undefined {
  const trial = history.trial(number);
  if (trial === undefined) return undefined;
  const reason = describeReason(trial);
  return [
    { text: `trial ${number} proposed (${describeOrigin(trial)}): ${describeChanges(trial, history)}` },
    ...(reason === undefined ? [] : [{ text: ` | ${reason}`, style: 'dim' } as const]),
  ];
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
  const { promptTokens, completionTokens } = history.usage();
  const tokens = promptTokens + completionTokens;
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
