import type { ReportAnalysis } from '../analyse.ts';
import { repeatsOf } from '../evaluations.ts';
import { listOf } from '../numbers.ts';
import { codeBlock } from '../untrusted.ts';
import { nameSpan } from '../words.ts';
import { edgesAmong } from './edges.ts';
import { patternShort } from './failures.ts';

/** One thing to do, the most useful first. */
export interface NextStep {
  /** A few words, for the first screen. */
  readonly short: string;
  readonly why: string;
  /** To be pasted as it is. */
  readonly command?: string;
}

/** What to do with the steps’ commands at hand, the most useful first. */
export function nextStepSections(analysis: ReportAnalysis): string[] {
  const steps = nextSteps(analysis);
  if (steps.length === 0) return [];
  const blocks = steps.flatMap(({ short, why, command }, index) => [
    `**${index + 1}. ${sentence(short)}.** ${why}`,
    ...(command === undefined ? [] : [codeBlock(command, 'sh')]),
  ]);
  return ['## Next steps', ...blocks];
}

export function nextSteps(analysis: ReportAnalysis): NextStep[] {
  const steps = [
    ...getRealData(analysis),
    ...findTheFault(analysis),
    ...goOn(analysis),
    ...repeat(analysis),
    ...evaluate(analysis),
    ...widen(analysis),
    ...trainLonger(analysis),
    ...avoidFailures(analysis),
  ];
  return [...steps, ...searchOn(analysis, steps.length > 0)];
}

function getRealData({ facts, study }: ReportAnalysis): NextStep[] {
  if (!facts.dataIsStandIn && !study.standIn) return [];
  return [
    {
      short: 'get the real data and tune again without --stand-in',
      why: 'Nothing that was found on made-up data carries over. Without --stand-in, agenthpo says how to get the real data.',
    },
  ];
}

function findTheFault({ compared, failures, facts }: ReportAnalysis): NextStep[] {
  if (compared.length > 0 || failures.length === 0 || facts.checkCommand === undefined) return [];
  return [
    {
      short: 'find out why no trial has a value',
      why: 'This trains once with the task’s defaults and shows the end of the output. The failures are described below.',
      command: facts.checkCommand,
    },
  ];
}

function goOn({ end, facts }: ReportAnalysis): NextStep[] {
  if (end?.status === 'complete') return [];
  const condition =
    end === undefined ? ', if it is not still running' : end.status === 'failed' ? ', once that is mended' : '';
  const short = `go on with the study${condition}`;
  return [{ short, why: 'It begins where the log ends; nothing is trained twice.', command: facts.resumeCommand }];
}

/** As many repeats as settle what one more would hardly change. */
const ENOUGH_REPEATS = 3;

function repeat({ comparison, confirmation, best, facts, noise, evaluations, study }: ReportAnalysis): NextStep[] {
  if (comparison === undefined || comparison.default.number === best?.number) return [];
  if (noise.kind === 'measured' || confirmation !== undefined) return [];
  if (facts.repeatCommand === undefined || repeatsOf(evaluations, study.seed).length >= ENOUGH_REPEATS) return [];
  const seedless =
    facts.passesSeed === false
      ? ' The task passes no seed to its script (train.seed), so only what the script itself draws will differ.'
      : '';
  return [
    {
      short: 'see whether the lead holds with other seeds',
      why: `This trains the best and the default configuration under three fresh seeds and gives the difference with an interval. A lead that changes sign, or is smaller than what the seed changes, may be luck.${seedless}`,
      command: facts.repeatCommand,
    },
  ];
}

function evaluate({ best, compared, facts, evaluations }: ReportAnalysis): NextStep[] {
  if (evaluations.some(({ by }) => by === 'test')) return [];
  if (best === undefined || compared.length < 2 || facts.evaluateCommand === undefined) return [];
  const why = `The best of ${compared.length} values looks better than it is; data that no trial was judged on does not flatter.`;
  return [{ short: 'compute the test metric of the best and the defaults', why, command: facts.evaluateCommand }];
}

function widen({ findings, best, comparison }: ReportAnalysis): NextStep[] {
  if (best === undefined || comparison?.default.number === best.number) return [];
  const edges = edgesAmong(findings).filter(({ isVaried }) => isVaried);
  if (edges.length === 0) return [];
  const ends = edges.map(({ name, side }) => `${nameSpan(name)} (${side} end)`);
  const why = 'A better value may lie there. Edit the range in task.yaml and begin a new study.';
  return [{ short: `widen the range of ${listOf(ends)}, where values beyond make sense`, why }];
}

function trainLonger({ findings }: ReportAnalysis): NextStep[] {
  const isImproving = findings.some((finding) => finding.kind === 'still-improving' && finding.best);
  if (!isImproving) return [];
  return [{ short: 'train the best configuration longer', why: 'Its curve was still improving at the last epoch.' }];
}

function avoidFailures({ failures }: ReportAnalysis): NextStep[] {
  const observed = failures.flatMap((group) => group.patterns.map((pattern) => ({ group, pattern })));
  const [first] = observed;
  if (first === undefined) return [];
  const names = [...new Set(observed.map(({ pattern }) => nameSpan(pattern.name)))];
  return [
    {
      short: `look at the range of ${listOf(names)}, where trials failed`,
      why: `Observed: ${patternShort(first.pattern, first.group)}. If that is the reason, a narrower range in task.yaml spends no more trials there.`,
    },
  ];
}

function searchOn({ end, facts }: ReportAnalysis, isAlternative: boolean): NextStep[] {
  if (end?.status !== 'complete' || end.reason === 'space-exhausted') return [];
  const why = 'The study goes on from its log with ten more trials.';
  return [{ short: isAlternative ? 'or search on' : 'search on', why, command: facts.resumeCommand }];
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
