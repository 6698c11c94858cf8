import { countOf, formatNumber, listOf } from '../numbers.ts';
import type { Against, ArmResult, Comparison } from './compare-arms.ts';
import { signTest } from './sign-test.ts';

/** What is called beyond chance: a p-value of at most this, shared out among the arms that are tested. */
const LEVEL = 0.05;

/** One sentence: who beat the reference how often, and how sure one can be of it with so few seeds. */
export function benchVerdict({ reference, seeds }: Comparison, results: readonly ArmResult[]): string {
  const tested = results.flatMap(({ arm, against }) => (against === undefined ? [] : [{ arm, against }]));
  if (tested.length === 0) return `Only ${reference} ran: there is nothing to compare it with.`;
  const counts = tested.map(({ arm, against }) => `${arm} ${recordOf(against)}`);
  return `Against ${reference} over ${countOf(seeds.length, 'seed')}, ${listOf(counts)}; ${certaintyOf(tested, seeds.length)}.`;
}

function recordOf({ wins, ties, losses, medianLead, pValue }: Against): string {
  const lead = medianLead === null ? '' : `median lead ${formatNumber(medianLead, 3)}, `;
  return `won ${wins}, tied ${ties} and lost ${losses} (${lead}sign test p = ${formatNumber(pValue, 2)})`;
}

function certaintyOf(tested: readonly { readonly arm: string; readonly against: Against }[], seeds: number): string {
  const level = LEVEL / tested.length;
  const test = `the 5 % level${tested.length > 1 ? ` shared out among ${tested.length} arms` : ''}`;
  const cleanSweep = signTest(seeds, 0);
  if (cleanSweep > level)
    return `with so few seeds even winning all would give p = ${formatNumber(cleanSweep, 2)}, so that nothing here is beyond chance at ${test} (${seedsNeeded(level)} seeds could be)`;
  const beyond = tested.filter(({ against }) => against.pValue <= level);
  if (beyond.length === 0) return `none of these differences is beyond chance at ${test}`;
  const words = beyond.map(
    ({ arm, against }) => `that ${arm} is ${against.wins > against.losses ? 'better' : 'worse'}`,
  );
  return `${listOf(words)} is beyond chance at ${test}, on this task with these ranges and so many trials`;
}

/** The fewest seeds in which winning all would be enough. */
function seedsNeeded(level: number): number {
  let seeds = 1;
  while (signTest(seeds, 0) > level) seeds++;
  return seeds;
}
