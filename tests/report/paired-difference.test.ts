import { expect, test } from 'vitest';
import { confirmationOf } from '../../report/confirmation.ts';
import { confirmationVerdict } from '../../report/confirmation-words.ts';
import { pairedDifference } from '../../report/paired-difference.ts';
import { aHistory } from './make-history.ts';

test('the interval is Student’s, as tables give it', () => {
  // For ±1 the standard error is 1: the reach is t itself, 12.706 with one degree of freedom.
  expect(pairedDifference([-1, 1])).toMatchObject({ pairs: 2, mean: 0 });
  expect(pairedDifference([-1, 1]).high).toBeCloseTo(12.706, 3);
  // Four degrees of freedom: 2.776; the standard deviation of 1 … 5 is √2.5.
  const { mean, low } = pairedDifference([1, 2, 3, 4, 5]);
  expect(mean - low).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 2);
  expect(pairedDifference([0.5, 0.5, 0.5])).toMatchObject({ low: 0.5, high: 0.5, deviation: 0 });
  expect(() => pairedDifference([1])).toThrow('two differences');
});

const byDefault = { learning_rate: 1e-3, optimizer: 'adam', batch_size: 64, nesterov: false };
const better = { ...byDefault, learning_rate: 1e-2 };

function confirmed(
  values: readonly (readonly [seed: number, best: number | null, reference: number, code?: string])[],
) {
  return confirmationOf(
    aHistory({
      trials: [
        { hyperparameters: byDefault, value: 0.5 },
        { hyperparameters: better, value: 0.3 },
      ],
      after: values.flatMap(([seed, best, reference, codeHash = 'code-1']) =>
        (
          [
            [better, best],
            [byDefault, reference],
          ] as const
        ).map(([hyperparameters, value]) => ({
          event: 'confirmation-trained' as const,
          hyperparameters,
          seed,
          codeHash,
          value,
          wallSeconds: 1,
        })),
      ),
    }),
  );
}

test('a lead is confirmed above 0, open where the interval includes 0, refuted below', () => {
  expect(
    confirmed([
      [8, 0.3, 0.5],
      [9, 0.31, 0.5],
      [10, 0.29, 0.5],
    ])?.verdict,
  ).toBe('confirmed');
  const open = confirmed([
    [8, 0.3, 0.5],
    [9, 0.6, 0.5],
  ]);
  expect(open?.verdict).toBe('open');
  expect(open && confirmationVerdict(open)).toMatch(
    /^not confirmed: better by 0\.05 .* on 2 fresh seeds, which includes 0$/,
  );
  const worse = confirmed([
    [8, 0.7, 0.5],
    [9, 0.71, 0.5],
    [10, 0.69, 0.5],
  ]);
  expect(worse && confirmationVerdict(worse)).toMatch(/^refuted: worse by 0\.2 /);
});

test('other code and trainings without a value do not count', () => {
  expect(
    confirmed([
      [8, 0.3, 0.5],
      [9, null, 0.5],
      [10, 0.3, 0.5, 'code-2'],
    ]),
  ).toBeUndefined();
});
