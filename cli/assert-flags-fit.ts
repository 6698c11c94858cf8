import { type Settings, STRATEGIES } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';

type Strategy = Settings['strategy'];

/** These look at no values, or at their own grid first: an earlier study would change nothing. */
const LEARN_NOTHING: readonly Strategy[] = ['random', 'quasi-random', 'grid'];

/** Flags that mean something to some strategies alone: how commander names them, how the user does, and to which. */
const OF_SOME_STRATEGIES: readonly { option: string; flag: string; strategies: readonly Strategy[] }[] = [
  { option: 'overruleShare', flag: '--overrule-share', strategies: ['hybrid'] },
  { option: 'llmTrials', flag: '--llm-trials', strategies: ['llm-then-gp'] },
  {
    option: 'warmStart',
    flag: '--warm-start',
    strategies: STRATEGIES.filter((strategy) => !LEARN_NOTHING.includes(strategy)),
  },
];

/**
 * Throws `usage` for a flag that the strategy would ignore: whoever types one means it. The same setting from a file or
 * the environment stands for all studies and just does not apply.
 */
export function assertFlagsFit(flags: Readonly<Record<string, unknown>>, strategy: Strategy): void {
  const unfit = OF_SOME_STRATEGIES.find(
    ({ option, strategies }) => flags[option] !== undefined && !strategies.includes(strategy),
  );
  if (unfit === undefined) return;
  const { option, flag, strategies } = unfit;
  throw new AgentHpoError({
    code: 'usage',
    message: `${flag} ${String(flags[option])} means nothing to the strategy ${strategy}, only to ${strategies.join(', ')}.`,
    hint: `Leave ${flag} out, or choose with --strategy one that it is for.`,
  });
}
