import { describe, expect, it } from 'vitest';
import { createRandom } from '../../study/random.ts';
import { analysisOf } from './make-facts.ts';
import type { TrialStory } from './make-history.ts';

const BATCHES = [32, 64, 128, 256];

function aTrial(batch: number, n: number, fails: boolean): TrialStory {
  const hyperparameters = {
    learning_rate: 10 ** (-2 - ((n * 7) % 5) / 5),
    optimizer: n % 2 ? 'adam' : 'sgd',
    ...(n % 2 ? {} : { momentum: 0.9 }),
    batch_size: batch,
    nesterov: n % 3 === 0,
  };
  return { hyperparameters, ...(fails ? { failure: { cause: 'out-of-memory', message: 'killed' } } : { value: 0.5 }) };
}

function patternsOf(trials: readonly TrialStory[]) {
  return analysisOf({ trials }).failures.flatMap(({ patterns }) => patterns);
}

const BATCH_SIZES = [64, 256, 32, 128, 64, 256, 128, 32, 64, 256, 128];

describe('what the failed trials have in common', () => {
  it('is said when it separates them from every complete trial', () => {
    const trials = BATCH_SIZES.map((batch, n) => aTrial(batch, n, batch >= 256));
    expect(patternsOf(trials)).toEqual([
      expect.objectContaining({ name: 'batch_size', relation: 'at-least', value: 256, complete: 8 }),
    ]);
  });

  it('is not said when one complete trial has it too', () => {
    const trials = BATCH_SIZES.map((batch, n) => aTrial(batch, n, batch >= 256 && n !== 1));
    expect(patternsOf(trials)).toEqual([]);
  });

  it('is not said of one failure, nor where so few trials prove nothing', () => {
    expect(patternsOf([256, 64, 32, 64, 128].map((batch, n) => aTrial(batch, n, batch >= 256)))).toEqual([]);
    expect(patternsOf([256, 64, 32, 256].map((batch, n) => aTrial(batch, n, batch >= 256)))).toEqual([]);
  });

  it('is said of a choice, and never of a parameter that was not active in all of them', () => {
    const trials = Array.from({ length: 14 }, (_, n) => aTrial(BATCHES[n % 4] ?? 32, n, n % 2 === 1));
    expect(patternsOf(trials)).toContainEqual(
      expect.objectContaining({ name: 'optimizer', relation: 'is', value: 'adam' }),
    );
    const inactive = Array.from({ length: 14 }, (_, n) => aTrial(BATCHES[n % 4] ?? 32, n, n < 5));
    expect(patternsOf(inactive).map(({ name }) => name)).not.toContain('momentum');
  });

  it('is claimed of trials that fail at random no more often than it says', () => {
    const studies = 400;
    const claimed = Array.from({ length: studies }, (_, study) => {
      const random = createRandom(study, 'failures');
      const trials = Array.from({ length: 12 }, (): TrialStory => {
        const hyperparameters = {
          learning_rate: 10 ** (-5 + 4 * random.uniform()),
          optimizer: 'adam',
          batch_size: BATCHES[random.int(0, 3)] ?? 32,
          nesterov: random.uniform() < 0.5,
        };
        return { hyperparameters, ...(random.uniform() < 0.25 ? { failure: { cause: 'crash' } } : { value: 1 }) };
      });
      return patternsOf(trials);
    }).filter((patterns) => patterns.length > 0);
    expect(claimed.length / studies).toBeLessThan(0.1);
    expect(claimed.length).toBeGreaterThan(0); // the limit is not reached by saying nothing
  });
});
