import type { History } from '../../study/history.ts';
import type { Trial } from '../../study/trial.ts';
import { formatElapsed } from '../durations.ts';
import { formatMeasure } from '../numbers.ts';
import type { Line, Span } from '../terminal-text.ts';
import { describeTime, describeTrials, describeUse, spentShare } from './budget-words.ts';
import { epochSpans } from './epoch-words.ts';
import { describeChanges, describeGain, describeReason } from './trial-words.ts';

export interface LiveState {
  readonly history: History;
  readonly now: Date;
  /** The newest row of each running trial’s training log. */
  readonly epochs: ReadonlyMap<number, Readonly<Record<string, number>>>;
}

/** So many running trials are shown; more are counted. */
const MAX_SHOWN = 3;
const BAR_COLUMNS = 12;

/** The small area below the finished trials: what runs and why, the best so far, what is spent. Empty before and after a study. */
export function liveLines(state: LiveState): Line[] {
  const { history, now } = state;
  if (history.isEmpty || history.end !== undefined) return [];
  const use = describeUse(history);
  return [
    [],
    ...workLines(state),
    labelled('best', bestSpans(history)),
    labelled('done', [
      { text: `${describeTrials(history)}, ${describeTime(history, now)}` },
      ...barSpans(spentShare(history, now)),
    ]),
    ...(use === undefined ? [] : [labelled('used', [{ text: use }])]),
  ];
}

function workLines(state: LiveState): Line[] {
  const { unfinished } = state.history;
  const [only, second] = unfinished;
  if (only === undefined) return [labelled('now', [{ text: whatIsNext(state.history) }])];
  if (second === undefined) return aloneLines(only, state);
  const shown = unfinished
    .slice(0, MAX_SHOWN)
    .map((trial, index) => labelled(index === 0 ? 'now' : '', runningSpans(trial, state)));
  const hidden = unfinished.length - shown.length;
  return hidden > 0 ? [...shown, labelled('', [{ text: `and ${hidden} more`, style: 'dim' }])] : shown;
}

/** One trial at a time is the usual case: it gets its changes and its reason too. */
function aloneLines(trial: Trial, state: LiveState): Line[] {
  const reason = describeReason(trial);
  const changes = `${trial.proposal.origin}: ${describeChanges(trial, state.history)}`;
  return [
    labelled('now', runningSpans(trial, state)),
    labelled('', [{ text: changes }]),
    ...(reason === undefined ? [] : [labelled('', [{ text: reason, style: 'dim' }])]),
  ];
}

function runningSpans(trial: Trial, { history, epochs, now }: LiveState): Span[] {
  const { trials } = history.budget;
  const name: Span = { text: `trial ${trial.number}${trials === undefined ? '' : ` of ${trials}`}`, style: 'bold' };
  const attempt = trial.attempts.at(-1);
  if (trial.state !== 'running' || attempt === undefined)
    return [name, { text: trial.state === 'interrupted' ? ' · starts once more' : ' · about to start' }];
  const elapsed = attempt.wallSeconds ?? Math.max(0, now.getTime() - Date.parse(attempt.startedAt)) / 1000;
  const again = attempt.attempt > 1 ? `attempt ${attempt.attempt}, ` : '';
  return [name, { text: ` · ${again}${formatElapsed(elapsed)} · ` }, ...doing(trial, epochs, history)];
}

/** The newest epoch, or where between start and end the training is. */
function doing({ number, attempts }: Trial, epochs: LiveState['epochs'], { objective }: History): Span[] {
  const row = epochs.get(number);
  if (row !== undefined) return epochSpans(row, objective.metric);
  return [{ text: attempts.at(-1)?.endedAt === undefined ? 'training' : 'reading the result' }];
}

function whatIsNext({ trials, finished, budget, start }: History): string {
  if (budget.trials !== undefined && finished.length >= budget.trials) return 'looking back over the trials';
  const isModels = ['creator', 'hybrid'].includes(start.strategy) && trials.length > 0;
  return `${isModels ? 'the Creator is choosing' : 'choosing'} what trial ${trials.length + 1} will try`;
}

function bestSpans(history: History): Span[] {
  const { incumbent, objective, complete } = history;
  if (incumbent?.value === undefined)
    return [{ text: complete.length === 0 ? 'none yet' : 'none yet: every complete trial breaks a constraint' }];
  const gain = describeGain(history);
  return [
    { text: `${objective.metric} ${formatMeasure(incumbent.value)}`, style: 'bold' },
    { text: ` in trial ${incumbent.number}${gain === undefined ? '' : `, ${gain}`}` },
  ];
}

function barSpans(share: number | undefined): Span[] {
  if (share === undefined) return [];
  const filled = Math.round(share * BAR_COLUMNS);
  return [{ text: `  ${'━'.repeat(filled)}` }, { text: '─'.repeat(BAR_COLUMNS - filled), style: 'dim' }];
}

/** A line of the area: its label in a column of its own, also where it continues the line above. */
function labelled(label: string, spans: readonly Span[]): Line {
  return [{ text: `  ${label.padEnd(4)}  `, style: 'dim' }, ...spans];
}
