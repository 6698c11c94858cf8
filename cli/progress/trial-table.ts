import type { EventOf } from '../../study/events.ts';
import type { History } from '../../study/history.ts';
import type { Trial } from '../../study/trial.ts';
import { formatDuration } from '../durations.ts';
import { formatMeasure } from '../numbers.ts';
import { type Line, pad, type Span, type Style, truncate, widthOf } from '../terminal-text.ts';
import { describeRejection } from './event-line.ts';
import { describeChanges, describeReason, describeTrouble, trainingSeconds } from './trial-words.ts';

/** From this width on a trial’s reason stands beside what it changed, else on a line of its own below. */
const WIDE_COLUMNS = 140;
const CHANGES_COLUMNS = 56;
const INDENT = ' '.repeat(8);

export function tableHeader(history: History): Line {
  const text = `${pad('trial', 6, 'start')}  ${pad(metricName(history), valueColumns(history), 'start')}    ${pad('time', 6, 'start')}  ${pad('origin', originColumns(history))}  changed (★ best so far)`;
  return [{ text, style: 'dim' }];
}

/** A finished trial: one line, what went wrong on another, and on a narrow terminal one more for the reason if there is one. */
export function trialLines(trial: Trial, history: History, columns: number): Line[] {
  const isBest = history.incumbent?.number === trial.number;
  const row: Span[] = [
    { text: `${pad(String(trial.number), 6, 'start')}  ` },
    { text: pad(outcome(trial), valueColumns(history), 'start'), style: styleOf(trial, isBest) },
    { text: isBest ? ' ★' : '  ', style: 'green' },
    {
      text: `  ${pad(formatDuration(trainingSeconds(trial)), 6, 'start')}  ${pad(trial.proposal.origin, originColumns(history))}  `,
    },
  ];
  const trouble = describeTrouble(trial);
  const below: Line[] = trouble === undefined ? [] : [indented({ text: trouble, style: 'red' })];
  const changes = describeChanges(trial, history);
  const reason = describeReason(trial);
  if (reason === undefined) return [[...row, { text: changes }], ...below];
  if (columns < WIDE_COLUMNS) return [[...row, { text: changes }], ...below, indented({ text: reason, style: 'dim' })];
  const beside = pad(truncate(changes, CHANGES_COLUMNS), CHANGES_COLUMNS);
  return [[...row, { text: `${beside}  ` }, { text: reason, style: 'dim' }], ...below];
}

/** A proposal that was sent back, in the row of the trial it was meant for. */
export function rejectionLine(event: EventOf<'proposal-rejected'>): Line {
  const text = `${pad(String(event.trial), 6, 'start')}  ${describeRejection(event)}`;
  return [{ text, style: 'magenta' }];
}

/** Where a trial’s row continues. */
function indented(span: Span): Line {
  return [{ text: INDENT }, span];
}

function outcome(trial: Trial): string {
  if (trial.value !== undefined) return formatMeasure(trial.value);
  return trial.state;
}

function styleOf(trial: Trial, isBest: boolean): Style | undefined {
  if (trial.value === undefined) return 'red';
  return isBest ? 'bold' : undefined;
}

function metricName(history: History): string {
  return truncate(history.objective.metric, 12);
}

/** Room for the defaults and for who proposes: a sampler bears its strategy’s name. */
function originColumns({ start }: History): number {
  return Math.max(8, widthOf(start.strategy));
}

function valueColumns(history: History): number {
  return Math.max(9, widthOf(metricName(history)));
}
