import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../study/random.ts';
import { digestCurve } from '../../training/curve-digest.ts';
import type { LogRow } from '../../training/training-log.ts';

const loss = { metric: 'val_loss', direction: 'minimize' } as const;
const accuracy = { metric: 'val_accuracy', direction: 'maximize' } as const;

/** A log of `count` epochs; `shape` gives an epoch’s numbers, `noise` is the jitter of val_loss. */
function aLog(count: number, shape: (epoch: number) => Record<string, number>, noise = 0) {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, index) => {
    const row = shape(index + 1);
    return { epoch: index + 1, ...row, val_loss: (row['val_loss'] ?? 0) + noise * random.normal() };
  });
}

const converging = (epoch: number) => ({ val_loss: 0.2 + Math.exp(-epoch), train_loss: 0.1 + Math.exp(-epoch) });
const improving = (epoch: number) => ({ val_loss: 2 - 0.05 * epoch, train_loss: 2 - 0.06 * epoch });
const overfit = (epoch: number) => ({
  val_loss: 1 / epoch + 0.03 * epoch,
  train_loss: 1 / epoch,
});

describe('the shape of a curve', () => {
  test('a curve that converged is none of diverged, still improving, overfitting', () => {
    for (const noise of [0, 0.005])
      expect(digestCurve(aLog(30, converging, noise), loss)).toMatchObject({
        points: 30,
        diverged: false,
        stillImproving: false,
        overfitting: false,
      });
  });

  test('a curve cut short is still improving', () => {
    expect(digestCurve(aLog(20, improving), loss)).toMatchObject({ stillImproving: true, bestStep: 20, lastStep: 20 });
    expect(digestCurve(aLog(20, improving, 0.02), loss)).toMatchObject({ diverged: false, overfitting: false });
    expect(digestCurve(aLog(2, improving), loss)).toMatchObject({ stillImproving: true });
  });

  test('jitter around a plateau is not improvement, wherever its best falls', () => {
    const flat = aLog(12, () => ({ val_loss: 0.5 }), 0.01);
    for (let turn = 0; turn < flat.length; turn++) {
      const turned = [...flat.slice(turn), ...flat.slice(0, turn)].map((row, index) => ({ ...row, epoch: index + 1 }));
      expect(digestCurve(turned, loss)).toMatchObject({ diverged: false, overfitting: false });
    }
    expect(
      digestCurve(
        aLog(12, () => ({ val_loss: 0.5 })),
        loss,
      ),
    ).toMatchObject({ stillImproving: false, bestStep: 1 });
  });

  test('validation that gets worse while training improves is overfitting, and a little jitter does not hide it', () => {
    for (const noise of [0, 0.01])
      expect(digestCurve(aLog(30, overfit, noise), loss)).toMatchObject({ overfitting: true });
  });

  test('validation that gets worse together with training, or with no training curve to compare, is not overfitting', () => {
    const rows = aLog(30, overfit);
    expect(
      digestCurve(
        rows.map((row) => ({ ...row, train_loss: row.val_loss })),
        loss,
      ),
    ).toMatchObject({ overfitting: false });
    const alone = rows.map(({ epoch, val_loss }) => ({ epoch, val_loss }));
    expect(digestCurve(alone, loss)).toMatchObject({ overfitting: false });
    expect(digestCurve(alone, loss)).not.toHaveProperty('training');
  });

  test('a loss that explodes, or ends in NaN or infinity, diverged', () => {
    expect(
      digestCurve(
        aLog(10, (epoch) => ({ val_loss: 0.7 * 1.5 ** epoch })),
        loss,
      ),
    ).toMatchObject({ diverged: true });
    for (const end of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(digestCurve([...aLog(5, improving), { epoch: 6, val_loss: end }], loss)).toMatchObject({
        diverged: true,
        stillImproving: false,
        points: 6,
        lastStep: 6,
        last: 1.75,
      });
  });

  test('a loss that rises moderately after a bad start, or a NaN before the first value, did not diverge', () => {
    expect(
      digestCurve(
        aLog(10, (epoch) => ({ val_loss: 0.5 + 0.02 * epoch })),
        loss,
      ),
    ).toMatchObject({ diverged: false });
    expect(digestCurve([{ val_loss: Number.NaN }, { val_loss: 1 }, { val_loss: 0.5 }], loss)).toMatchObject({
      diverged: false,
    });
  });

  test('a collapsing accuracy diverged; one that climbs and settles did not', () => {
    const rows = (values: number[]) => values.map((val_accuracy) => ({ val_accuracy }));
    expect(digestCurve(rows([0.8, 0.9, 0.1, 0.1]), accuracy)).toMatchObject({ diverged: true, best: 0.9, bestStep: 2 });
    expect(digestCurve(rows([0.1, 0.8, 0.9, 0.9]), accuracy)).toMatchObject({ diverged: false, first: 0.1, last: 0.9 });
  });
});

describe('steps and companions', () => {
  test.each([
    [
      'epochs',
      [
        { epoch: 5, step: 50 },
        { epoch: 10, step: 100 },
      ],
      [5, 10],
    ],
    [
      'steps, where epochs repeat',
      [
        { epoch: 0, step: 50 },
        { epoch: 0, step: 100 },
      ],
      [50, 100],
    ],
    ['places from 1, where rows do not say', [{}, {}], [1, 2]],
  ])('a log is counted in %s', (_, rows, [first, second]) => {
    const digest = digestCurve(
      rows.map((row, index) => ({ ...row, val_loss: 1 - index / 2 })),
      loss,
    );
    expect(digest).toMatchObject({
      sample: [
        [first, 1],
        [second, 0.5],
      ],
      bestStep: second,
      lastStep: second,
    });
  });

  test.each([
    ['val_loss', 'train_loss'],
    ['val_loss', 'loss'],
    ['val_accuracy', 'train_acc'],
    ['eval/loss', 'train/loss'],
    ['loss_valid', 'loss_train'],
    ['val_loss', 'train_loss_epoch'],
  ])('beside %s stands %s', (metric, training) => {
    const rows = [
      { [metric]: 1, [training]: 2 },
      { [metric]: 0.5, [training]: 1.5 },
    ];
    expect(digestCurve(rows, { metric, direction: 'minimize' })).toMatchObject({ training: 1.5 });
  });

  test('in a sparse log the training value of the same epoch counts', () => {
    const rows = [0, 1].flatMap((epoch): LogRow[] => [
      { epoch, val_loss: 2 - epoch },
      { epoch, train_loss: 5 - epoch },
    ]);
    expect(digestCurve(rows, loss)).toMatchObject({ points: 2, training: 4 });
  });

  test('without a finite value there is no curve', () => {
    expect(digestCurve([{ epoch: 1 }], loss)).toBeUndefined();
    expect(digestCurve([{ val_loss: Number.NaN }], loss)).toBeUndefined();
  });
});

test('every digest is finite and its sample is short, ordered, and holds the first, the last and the best', () => {
  const value = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
      const digest = digestCurve(
        values.map((val_loss) => ({ val_loss })),
        loss,
      );
      expect(digest === undefined).toBe(!values.some(Number.isFinite));
      if (digest === undefined) return;
      const { sample, first, last, best, bestStep, jitter = 0 } = digest;
      expect([first, last, best, bestStep, jitter, ...sample.flat()].every(Number.isFinite)).toBe(true);
      expect(sample.length).toBeLessThanOrEqual(10);
      expect(sample.map(([step]) => step)).toEqual(sample.map(([step]) => step).toSorted((a, b) => a - b));
      expect(sample[0]?.[1]).toBe(first);
      expect(sample.at(-1)?.[1]).toBe(last);
      expect(sample).toContainEqual([bestStep, best]);
    }),
  );
});
