import type { History } from '../../study/history.ts';
import type { Trial } from '../../study/trial.ts';
import { formatDuration } from '../durations.ts';
import { formatMeasure } from '../numbers.ts';
import type { Line, Span } from '../terminal-text.ts';
import { describeSpending, spentShare } from './budget-words.ts';
import { epochSpans } from './epoch-words.ts';
import { indented, reasonLine } from './trial-table.ts';
import { describeChanges, describeGain, describeOrigin, describeReason } from './trial-words.ts';

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
  const { history } = state;
  if (history.isEmpty || history.end !== undefined) return [];
  return [[], ...workLines(state), bestLine(history), spendingLine(state)];
}

function workLines(state: LiveState): Line[] {
  const { unfinished } = state.history;
  if (unfinished.length === 0) return [waitingLine(state.history)];
  const [newest] = unfinished.slice(-1);
  if (unfinished.length === 1 && newest !== undefined) return aloneLines(newest, state);
  const shown = unfinished.slice(0, MAX_SHOWN).map((trial) => runningLine(trial, state));
  const hidden = unfinished.length - shown.length;
  return hidden > 0 ? [...shown, indented([{ text: `and ${hidden} more`, style: 'dim' }])] : shown;
}

/** One trial at a time is the usual case: it gets its changes and its reason too. */
function aloneLines(trial: Trial, state: LiveState): Line[] {
  const reason = describeReason(trial);
  const changes: Line = indented([
    { text: `${describeOrigin(trial)}  `, style: 'dim' },
    { text: describeChanges(trial, state.history) },
  ]);
  return [runningLine(trial, state), changes, ...(reason === undefined ? [] : [reasonLine(reason)])];
}

function runningLine(trial: Trial, { history, epochs, now }: LiveState): Line {
  const number = { text: `${String(trial.number).padStart(6)}  `, style: 'bold' } as const;
  const attempt = trial.attempts.at(-1);
  if (trial.state !== 'running' || attempt === undefined)
    return [number, { text: trial.state === 'interrupted' ? 'waiting for its next attempt' : 'about to start' }];
  const row = epochs.get(trial.number);
  const elapsed = attempt.wallSeconds ?? Math.max(0, now.getTime() - Date.parse(attempt.startedAt)) / 1000;
  const again = attempt.attempt > 1 ? ` (attempt ${attempt.attempt})` : '';
  const isOver = attempt.endedAt !== undefined;
  const doing: Span[] =
    row === undefined
      ? [{ text: isOver ? 'reading the result' : 'training' }]
      : epochSpans(row, history.objective.metric);
  return [number, { text: `${formatDuration(elapsed).padEnd(6)}${again}  ` }, ...doing];
}

function waitingLine(history: History): Line {
  const next = String(history.trials.length + 1).padStart(6);
  const { trials } = history.budget;
  const isOver = trials !== undefined && history.finished.length >= trials;
  const isModels = history.start.strategy === 'creator' && history.trials.length > 0;
  const choosing = isModels ? 'the Creator is choosing what to try' : 'choosing what to try';
  return isOver
    ? indented([{ text: 'looking back over the trials' }])
    : [{ text: `${next}  `, style: 'bold' }, { text: choosing }];
}

function bestLine(history: History): Line {
  const best = history.incumbent;
  if (best?.value === undefined) return [{ text: '  best  ', style: 'dim' }, { text: 'none yet' }];
  const gain = describeGain(history);
  return [
    { text: '  best  ', style: 'dim' },
    { text: formatMeasure(best.value), style: 'green' },
    { text: ` in trial ${best.number}` },
    ...(gain === undefined ? [] : [{ text: `, ${gain}` }]),
  ];
}

function spendingLine({ history, now }: LiveState): Line {
  const share = spentShare(history, now);
  const filled = Math.round((share ?? 0) * BAR_COLUMNS);
  const bar: Span[] =
    share === undefined
      ? []
      : [
          { text: '━'.repeat(filled), style: 'cyan' },
          { text: '─'.repeat(BAR_COLUMNS - filled), style: 'dim' },
          { text: '  ' },
        ];
  return [{ text: ' spent  ', style: 'dim' }, ...bar, { text: describeSpending(history, now).join(' · ') }];
}
