import { formatNumber, listOf } from '../numbers.ts';
import type { Against, ArmResult, Comparison } from './compare-arms.ts';
import { signTest } from './sign-test.ts';

/** What is called beyond chance: a p-value of at most this, shared out among the arms that are tested. */
const LEVEL = 0.05;

interface Tested {
  readonly arm: string;
  readonly against: Against;
}

/** Who is better or worse than the reference beyond chance, if anyone is; then how often each arm won. */
export function benchVerdict({ reference, seeds }: Comparison, results: readonly ArmResult[]): string {
  const tested = results.flatMap(({ arm, against }) => (against === undefined ? [] : [{ arm, against }]));
  if (tested.length === 0) return `Only ${reference} ran: there is nothing to compare it with.`;
  const records = tested.map(({ arm, against: { wins, ties, losses } }) => `${arm} ${wins}–${ties}–${losses}`);
  return `${conclusionOf(tested, reference, seeds.length)} Won–tied–lost against ${reference}: ${records.join(', ')}.`;
}

function conclusionOf(tested: readonly Tested[], reference: string, seeds: number): string {
  const level = LEVEL / tested.length;
  const cleanSweep = signTest(seeds, 0);
  if (cleanSweep > level)
    return `Too few seeds to tell: even winning with all ${seeds} would be chance (p = ${formatNumber(cleanSweep, 2)}); it takes ${seedsNeeded(level)}.`;
  const test = `sign test, 5 %${tested.length > 1 ? ` shared among ${tested.length} arms` : ''}`;
  const beyond = tested.filter(({ against }) => against.pValue <= level);
  if (beyond.length === 0) return `Nothing here is beyond chance (${test}).`;
  const isBetter = ({ against }: Tested) => against.wins > against.losses;
  const claims = [
    ...claimOf(beyond.filter(isBetter), `better than ${reference}`),
    ...claimOf(
      beyond.filter((each) => !isBetter(each)),
      `worse than ${reference}`,
    ),
  ];
  return `${listOf(claims)} on this task, beyond chance (${test}).`;
}

/** `gp and tpe are better than random`; nothing of nobody. */
function claimOf(arms: readonly Tested[], how: string): string[] {
  if (arms.length === 0) return [];
  return [`${listOf(arms.map(({ arm }) => arm))} ${arms.length === 1 ? 'is' : 'are'} ${how}`];
}

/** The fewest seeds in which winning all would be enough. */
function seedsNeeded(level: number): number {
  let seeds = 1;
  while (signTest(seeds, 0) > level) seeds++;
  return seeds;
}
