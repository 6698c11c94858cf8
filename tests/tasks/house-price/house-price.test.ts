import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadTask } from '../../../study/load-task.ts';
import { readObjective } from '../../../training/objective-value.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { sayingsOf } from '../refused-tables.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'house-price');
const SMALL = { n_estimators: 30, max_depth: 3, subsample: 0.8, folds: 3, threads: 1 };
const columns = readFileSync(join(bundled, 'dataset.py'), 'utf8');

/** The names in a block of dataset.py. */
function namesIn(block: string): string[] {
  return (new RegExp(`^${block} = """([^"]*)"""`, 'm').exec(columns)?.[1] ?? '').trim().split(/\s+/);
}

const numbers = namesIn('NUMBERS');
const names = ['Id', ...numbers, ...namesIn('GRADED'), ...namesIn('KINDS'), 'SalePrice'];

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('house-price');
});

afterEach(() => task.remove());

/** 1,460 houses in the published columns; the price follows the area and the kitchen's grade. */
function houses(change?: (house: Map<string, string>, index: number) => void): string {
  const rows = Array.from({ length: 1460 }, (_, index) => {
    const area = 800 + ((index * 37) % 1500);
    const house = new Map(names.map((name): [string, string] => [name, 'NA']));
    for (const name of numbers) house.set(name, `${(index * 11) % 7}`);
    house.set('GrLivArea', `${area}`).set('LotFrontage', index % 5 === 0 ? 'NA' : '60');
    house.set('KitchenQual', index % 2 === 0 ? 'Ex' : 'TA').set('Street', index % 9 === 0 ? 'Grvl' : 'Pave');
    house.set('SalePrice', `${area * 100 + (index % 2 === 0 ? 50_000 : 0)}`).set('Id', `${index + 1}`);
    change?.(house, index);
    return [...house.values()].join(',');
  });
  return `${names.join(',')}\n${rows.join('\n')}\n`;
}

test('the published table has 81 columns', () => {
  expect(new Set(names).size).toBe(81);
});

test('without the table it says where it is to be had, and what its home asks', () => {
  const { status, stderr } = task.python('-c', 'from prepare_data import HOUSES; HOUSES.folder()');
  expect(status).toBe(1);
  expect(stderr).toMatch(/kaggle\.com\/competitions\/house-prices.*Kaggle account.*put train\.csv/);
});

describe.skipIf(!hasPackages('pandas', 'sklearn', 'xgboost', 'yaml'))(
  'with the table (skipped where python3 has no pandas, scikit-learn, XGBoost and PyYAML)',
  SLOW_IMPORT,
  () => {
    test('the baseline comes first, then a row every 20 rounds, the same again, and no test metric unless asked', () => {
      task.putData('train.csv', houses());
      const { stderr, log } = task.train(SMALL);
      expect(stderr).toBe('');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(rows.map((row) => Object.keys(row).length)).toEqual([1, 7, 7]);
      expect(rows[0]).toEqual({ trivial_r2: expect.closeTo(0, 1) });
      const reached = readObjective(rows, loadTask(bundled).objective);
      expect(reached).toHaveProperty('value', expect.closeTo(1, 1));
      const evaluated = task.train(SMALL, '--evaluate').log;
      expect(evaluated.startsWith(log)).toBe(true);
      expect(parseTrainingLog(evaluated.slice(log.length), 'jsonl').rows[0]).toHaveProperty('test_r2');
    });

    test('grades become numbers, kinds a column each with NA as a kind, missing numbers stay missing', () => {
      task.putData('train.csv', houses());
      const script = `
import dataset
features, prices = dataset.read(dataset.HOUSES.folder() / dataset.FILE)
house = features.loc[0]
print(house['KitchenQual'], house['PoolQC'], house['Street_Grvl'], house['Street_Pave'], house['Alley_NA'], house['LotFrontage'])
print(sorted(set(features['KitchenQual'])), 'Id' in features, 'SalePrice' in features, prices[0])
`;
      const { stdout, stderr } = task.python('-c', script);
      expect(stderr).toBe('');
      expect(stdout).toBe('5.0 0.0 1.0 0.0 1.0 nan\n[3.0, 5.0] False False 130000\n');
    });

    test('a table that is not the published one is refused with the reason', () => {
      const whole = houses();
      const withSecond = (name: string, value: string) =>
        houses((house, index) => {
          if (index === 1) house.set(name, value);
        });
      const wrong: readonly (readonly [string, string])[] = [
        [whole.replace(',SalePrice', ',Price'), 'lacks the column SalePrice'],
        [whole.replace('LotArea', 'Lot Area'), 'lacks the column LotArea'],
        [whole.slice(0, whole.indexOf('\n1101,')), 'has 1,100 rows, the published table 1,460'],
        ['<html><body>sign in</body></html>', 'lacks the columns LotFrontage'],
        ['\x1f\x8b\x08\x00\xff\xfe', 'cannot be read as a table'],
        [withSecond('LotArea', 'NA'), 'holds an empty cell under LotArea, in row 3'],
        [withSecond('KitchenQual', 'Superb'), 'something else than Ex, Gd, TA, Fa, Po, NA under KitchenQual'],
        [withSecond('SalePrice', ''), 'holds an empty cell under SalePrice, in row 3'],
        [withSecond('SalePrice', '-5'), 'holds -5 under SalePrice, in row 3'],
      ];
      const sayings = sayingsOf(task, 'house-price', 'train.csv', [whole, ...wrong.map(([table]) => table)]);
      expect(sayings).toEqual(['accepted', ...wrong.map(([, message]) => expect.stringContaining(message))]);
    });
  },
);
