import type { History } from '../study/history.ts';
import { createRandom } from '../study/random.ts';
import type { Proposer } from '../study/roles.ts';
import type { Proposal } from '../study/trial.ts';
import type { Observation, Sampler, Suggestion } from './sampler.ts';
import { nextNumber, seenBy } from './seen.ts';
import { trialsInWords } from './trials-in-words.ts';

/**
 * A sampler as a proposer, so that a baseline is the same study with another one in the Creator’s place. What it
 * proposes for trial n depends on the history and on (seed, n) alone. Answers fewer than `count` when the space is used up.
 */
export function createSamplerProposer({ sampler, seed }: { sampler: Sampler; seed: number }): Proposer {
  return {
    propose: async (history, pending, count, signal) => {
      const seen = seenBy(history, pending);
      const proposals: Proposal[] = [];
      for (let trial = nextNumber(history, pending); proposals.length < count; trial++) {
        signal.throwIfAborted();
        const [suggestion] = sampler.suggest({
          space: history.space,
          ...seen,
          pending: [...seen.pending, ...proposals.map((each) => each.hyperparameters)],
          count: 1,
          seed,
          random: createRandom(seed, sampler.name, trial),
        });
        if (suggestion === undefined) break;
        const { hyperparameters } = suggestion;
        const rationale = rationaleOf(sampler.name, suggestion, seen.observations, history);
        proposals.push({ origin: sampler.name, hyperparameters, rationale, basedOn: 'default' });
      }
      return proposals;
    },
  };
}

/** Computed facts only: what the method looked at, how it chose, and what it predicts in the metric’s own unit. */
function rationaleOf(
  name: Sampler['name'],
  { how, predicted }: Suggestion,
  observations: readonly Observation[],
  { objective }: History,
): string {
  const start = `Computed by the ${name} sampler from ${trialsInWords(observations)}: ${how}`;
  if (predicted === undefined) return `${start}.`;
  const [middle = 0, ...ends] = [predicted.loss, predicted.low, predicted.high].map((loss) =>
    objective.direction === 'minimize' ? loss : -loss,
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)].map(shortNumber);
  return `${start}; predicted ${objective.metric} ${shortNumber(middle)} (${low} … ${high}).`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
