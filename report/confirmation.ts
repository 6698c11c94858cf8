import type { History } from '../study/history.ts';
import type { Hyperparameters } from '../study/hyperparameter.ts';
import { improvement } from '../study/objective.ts';
import { repeatsOf } from '../study/repeats.ts';
import { type PairedDifference, pairedDifference } from './paired-difference.ts';

/** One fresh seed, with what both configurations were worth under it. */
export interface ConfirmedSeed {
  readonly seed: number;
  readonly best: number;
  readonly default: number;
  /** Positive: the best is the better one, whatever the direction. */
  readonly lead: number;
}

/** Whether the winner’s lead over the defaults is there with fresh seeds too. */
export interface Confirmation {
  readonly seeds: readonly ConfirmedSeed[];
  readonly lead: PairedDifference;
  /** `confirmed`: the interval lies above 0; `worse`: below it; `open`: it includes 0. */
  readonly verdict: 'confirmed' | 'worse' | 'open';
}

/** The lead of the present winner with the present code; undefined before two seeds have given both a value, or where the defaults won. */
export function confirmationOf(history: History): Confirmation | undefined {
  const { incumbent, space, objective } = history;
  const best = incumbent?.proposal.hyperparameters;
  if (best === undefined || space.isSame(best, space.defaults())) return undefined;
  const ofDefaults = valuesBySeed(history, space.defaults());
  const seeds = [...valuesBySeed(history, best)].flatMap(([seed, value]) => {
    const reference = ofDefaults.get(seed);
    if (reference === undefined) return [];
    return [{ seed, best: value, default: reference, lead: improvement(value, reference, objective.direction) }];
  });
  if (seeds.length < 2) return undefined;
  const lead = pairedDifference(seeds.map((each) => each.lead));
  return { seeds, lead, verdict: lead.low > 0 ? 'confirmed' : lead.high < 0 ? 'worse' : 'open' };
}

function valuesBySeed(history: History, hyperparameters: Hyperparameters): Map<number, number> {
  const same = repeatsOf(history).filter((each) => history.space.isSame(each.hyperparameters, hyperparameters));
  return new Map(same.map(({ seed, value }) => [seed, value]));
}
