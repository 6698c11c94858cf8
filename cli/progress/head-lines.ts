import type { EventOf } from '../../study/events.ts';
import { isCreatorStrategy } from '../../study/strategy.ts';
import type { Line, Span } from '../terminal-text.ts';

/** What a study’s head says beside what its log holds. */
export interface StudyNotes {
  /** Where the report will be, as the user would type it. */
  readonly reportFile?: string;
  /** What the study’s numbers are not: stand-in data, a profile’s caveat. */
  readonly caveats?: readonly string[];
}

/** The first lines of a study: what is tuned, by whom, where its report will be, and what its numbers are not. */
export function headLines(start: EventOf<'study-started'>, { reportFile, caveats = [] }: StudyNotes): Line[] {
  const { task, objective, budget, profile, seed } = start;
  const trials = budget.trials === undefined ? '' : ` in ${budget.trials} ${budget.trials === 1 ? 'trial' : 'trials'}`;
  const how = profile === null ? '' : `, profile ${profile}`;
  return [
    [{ text: task, style: 'bold' }, { text: `: ${objective.direction} ${objective.metric}${trials}${how}` }],
    [label('proposals'), { text: `${describeProposer(start)} · seed ${seed}` }],
    ...(reportFile === undefined ? [] : [[label('report'), { text: reportFile }]]),
    ...caveats.map((caveat): Line => [label('note'), { text: caveat, style: 'magenta' }]),
  ];
}

function describeProposer({ strategy, model }: EventOf<'study-started'>): string {
  if (!isCreatorStrategy(strategy)) return `the ${strategy} sampler`;
  const creator = model === 'offline' ? 'offline optimiser, no language model' : (model ?? 'no model');
  switch (strategy) {
    case 'creator':
      return creator;
    case 'hybrid':
      return `${creator}; beside it a Gaussian process`;
    case 'llm-then-gp':
      return `${creator}; after its first points the gp sampler`;
  }
}

function label(text: string): Span {
  return { text: `  ${text.padEnd(9)}  `, style: 'dim' };
}
