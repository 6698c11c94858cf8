import type { Confirmation } from './confirmation.ts';
import { countOf, formatNumber } from './numbers.ts';
import { isAlwaysTheSame } from './paired-difference.ts';

/** `confirmed: better by 0.01 (95 % interval 0.007 to 0.013) on 3 fresh seeds`. */
export function confirmationVerdict({ lead, verdict }: Confirmation): string {
  const difference = `${lead.mean < 0 ? 'worse' : 'better'} by ${formatNumber(Math.abs(lead.mean), 3)}`;
  const seeds = countOf(lead.pairs, 'fresh seed');
  const by = isAlwaysTheSame(lead)
    ? `${difference} on each of ${seeds}`
    : `${difference} (95 % interval of the lead ${formatNumber(lead.low, 3)} to ${formatNumber(lead.high, 3)}) on ${seeds}`;
  if (verdict === 'confirmed') return `confirmed: ${by}`;
  if (verdict === 'worse') return `refuted: ${by}`;
  return lead.mean === 0 && lead.deviation === 0
    ? `not confirmed: no difference on ${seeds}`
    : `not confirmed: ${by}, which includes 0`;
}

/** What the interval is and what it takes for granted; or why there is none. */
export function intervalMethod({ lead }: Confirmation): string {
  return isAlwaysTheSame(lead)
    ? 'The lead is the same under every seed, so that there is no interval: no seed changes it.'
    : 'Student’s t interval of the paired differences (both configurations under the same seeds); it assumes that they are independent and about normal, which so few cannot show.';
}

/** Where the script gets no seed. */
export const WITHOUT_SEED =
  'The task passes no seed to its script (train.seed), so that the repeats differ only by what the script itself draws.';
