import { analyse, type ReportAnalysis } from '../../report/analyse.ts';
import type { Curves, ReportFacts } from '../../report/facts.ts';
import { aHistory, type HistoryStory } from './make-history.ts';

export function someFacts(changes: Partial<ReportFacts> = {}): ReportFacts {
  return {
    taskTitle: 'Handwritten digits',
    taskName: 'digits',
    studyFolder: 'logs/digits/2026-11-21T09-30-12-quiet-heron',
    reproduceCommand: 'agenthpo tune tasks/digits --model offline --seed 7 --trials 20',
    resumeCommand: 'agenthpo resume quiet-heron --trials 30',
    versions: { node: '20.20.2', python: '3.11.2' },
    durationSeconds: 83.2,
    dataIsStandIn: false,
    modelLabel: 'the offline optimiser',
    ...changes,
  };
}

/** The analysis of a story with ordinary facts. */
export function analysisOf(
  story: HistoryStory,
  facts: Partial<ReportFacts> = {},
  curves: Curves = new Map(),
): ReportAnalysis {
  return analyse(aHistory(story), { facts: someFacts(facts), curves });
}
