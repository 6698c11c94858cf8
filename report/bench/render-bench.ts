import { countOf, formatNumber, formatShare } from '../numbers.ts';
import { type Column, markdownTable } from '../table.ts';
import { codeSpan, inlineText } from '../untrusted.ts';
import type { ArmResult, Comparison } from './compare-arms.ts';
import { benchVerdict } from './verdict.ts';

/** What the page says besides the comparison. */
export interface BenchFacts {
  readonly taskTitle: string;
  readonly metric: string;
  /** How the tie band was found, as a sentence. */
  readonly noise: string;
  /** The command that made it, and makes it again. */
  readonly command: string;
  /** What the numbers are not; a profile’s caveat. */
  readonly caveat?: string;
  /** By arm: what it stands for. */
  readonly meanings: Readonly<Record<string, string>>;
  /** The plot’s file beside the page; left out where no study has a value. */
  readonly plot?: string;
}

/** The page that says which arm did how well: the verdict first, then the tables, the plot and what they rest on. */
export function renderBench(comparison: Comparison, results: readonly ArmResult[], facts: BenchFacts): string {
  const { arms, seeds, trials, direction, reference } = comparison;
  const better = direction === 'minimize' ? 'lower is better' : 'higher is better';
  const blocks = [
    `# Benchmark: ${inlineText(facts.taskTitle, 120)}${facts.caveat === undefined ? '' : ` (${inlineText(facts.caveat, 240)})`}`,
    `**${inlineText(benchVerdict(comparison, results), 2000)}**`,
    `${countOf(arms.length, 'arm')} with ${countOf(seeds.length, 'seed')} (${seeds.join(', ')}) and ${countOf(trials, 'trial')} each; ${codeSpan(facts.metric)}, ${better}. Every arm begins with the task’s defaults; the same seed trains with the same seed in all arms, so that they are compared in pairs.`,
    markdownTable(mainColumns(comparison), results),
    ...(facts.plot === undefined ? [] : [`![Best value so far by arm](${facts.plot})`]),
    '## Best value after so many trials',
    'The median over the seeds.',
    markdownTable(milestoneColumns(results), results),
    '## How to read this',
    [
      ...arms.map((arm) => `- ${codeSpan(arm)}: ${inlineText(facts.meanings[arm] ?? arm)}.`),
      `- A tie: ${inlineText(facts.noise)}`,
      '- Mean rank: 1 is the best of a seed; arms that tie share their ranks.',
      `- Trials to reach ${inlineText(reference)}’s best: the first trial that is no worse than the best of ${inlineText(reference)}’s study with that seed; the median, where at least half of the seeds got there.`,
      '- The sign test counts wins and losses over independent seeds and leaves ties out; it assumes nothing of how large they are.',
    ].join('\n'),
    '## Again',
    `Finished studies are kept; the same command goes on where it was ended.\n\n${['```sh', facts.command, '```'].join('\n')}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function mainColumns({ seeds, reference, trials }: Comparison): Column<ArmResult>[] {
  const right = (heading: string, cell: (result: ArmResult) => string): Column<ArmResult> => ({
    heading,
    align: 'right',
    cell,
  });
  return [
    { heading: 'Arm', cell: ({ arm }) => codeSpan(arm) },
    right('Median best', ({ median }) => valueText(median)),
    right('Quartiles', ({ quartiles }) => quartiles.map(valueText).join(' … ')),
    right('Mean rank', ({ meanRank }) => formatNumber(meanRank, 3)),
    right(`Won, tied, lost against ${inlineText(reference)}`, ({ against }) =>
      against === undefined ? '–' : `${against.wins}, ${against.ties}, ${against.losses}`,
    ),
    right('Median lead', ({ against }) => (against === undefined ? '–' : valueText(against.medianLead))),
    right('Sign test p', ({ against }) => (against === undefined ? '–' : formatNumber(against.pValue, 2))),
    right(`Trials to reach ${inlineText(reference)}’s best`, ({ against }) =>
      against === undefined
        ? '–'
        : `${against.trialsToReach === null ? `> ${trials}` : formatNumber(against.trialsToReach)} (${against.reached} of ${seeds.length})`,
    ),
    right('Failed', (result) => (result.trials === 0 ? '–' : formatShare(result.failed / result.trials))),
    right('Tokens', ({ tokens }) => formatNumber(tokens)),
    right('Cost', ({ usd }) => (usd === null ? 'unknown' : `$${formatNumber(usd, 3)}`)),
  ];
}

function milestoneColumns(results: readonly ArmResult[]): Column<ArmResult>[] {
  const steps = results[0]?.milestones ?? [];
  return [
    { heading: 'Arm', cell: ({ arm }) => codeSpan(arm) },
    ...steps.map(
      ({ trials }, index): Column<ArmResult> => ({
        heading: String(trials),
        align: 'right',
        cell: ({ milestones }) => valueText(milestones[index]?.median ?? null),
      }),
    ),
  ];
}

function valueText(value: number | null): string {
  return value === null ? 'none' : formatNumber(value);
}
