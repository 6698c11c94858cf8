import type { EventOf } from '../../study/events.ts';
import type { Line } from '../terminal-text.ts';

/** What a study’s head says beside what its log holds. */
export interface StudyNotes {
  /** Where the report will be, as the user would type it. */
  readonly reportFile?: string;
  /** What the profile’s numbers are not (`task.yaml`). */
  readonly caveat?: string;
}

/** The first lines of a study: what is tuned, by whom, where its report will be, and what its numbers are not. */
export function headLines(start: EventOf<'study-started'>, { reportFile, caveat }: StudyNotes): Line[] {
  const { task, objective, budget, profile, seed } = start;
  const trials = budget.trials === undefined ? '' : ` in ${budget.trials} ${budget.trials === 1 ? 'trial' : 'trials'}`;
  const how = profile === null ? '' : `, profile ${profile}`;
  return [
    [{ text: task, style: 'bold' }, { text: `: ${objective.direction} ${objective.metric}${trials}${how}` }],
    labelled('proposals', `${describeProposer(start)} · seed ${seed}`),
    ...(reportFile === undefined ? [] : [labelled('report', reportFile)]),
    ...(start.standIn ? [caution('Stand-in data, made up to try the machinery: its numbers mean nothing.')] : []),
    ...(caveat === undefined ? [] : [caution(caveat)]),
  ];
}

function describeProposer({ strategy, model }: EventOf<'study-started'>): string {
  if (strategy !== 'creator') return `the ${strategy} sampler`;
  return model === 'offline' ? 'offline optimiser, no language model' : (model ?? 'no model');
}

function labelled(label: string, text: string): Line {
  return [{ text: `  ${label.padEnd(9)}  `, style: 'dim' }, { text }];
}

function caution(text: string): Line {
  return [
    { text: '  note       ', style: 'dim' },
    { text, style: 'magenta' },
  ];
}
