import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadTask } from '../../../study/load-task.ts';
import { explainFailure } from '../../../training/failure-cause.ts';
import { readObjective } from '../../../training/objective-value.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { sayingsOf } from '../refused-tables.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'water-potability');
const FILE = 'water_potability.csv';
const HEADER =
  'ph,Hardness,Solids,Chloramines,Sulfate,Conductivity,Organic_carbon,Trihalomethanes,Turbidity,Potability';
const SMALL = { n_estimators: 30, max_depth: 3, subsample: 0.8, folds: 3, threads: 1 };

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('water-potability');
});

afterEach(() => task.remove());

/** A sample; whether it is potable shows in its pH, but for every fifth. Every seventh lacks its sulfate. */
function sample(index: number): string {
  const potable = (index * 7) % 10 < 4;
  const ph = 5 + (potable === index % 5 > 0 ? 3 : 0) + (index % 13) / 13;
  const sulfate = index % 7 === 0 ? '' : `${300 + (index % 31)}`;
  return `${ph.toFixed(3)},${190 + (index % 17)},${20000 + (index % 23)},7.1,${sulfate},420,14,66,3.9,${potable ? 1 : 0}`;
}

const lines = [HEADER, ...Array.from({ length: 3276 }, (_, index) => sample(index))];
const putWater = () => task.putData(FILE, lines.join('\n'));

test('without the table it says where it is to be had; the download is pinned to a commit', () => {
  const { status, stderr } = task.python('-c', 'from prepare_data import WATER; WATER.folder()');
  expect(status).toBe(1);
  expect(stderr).toContain('https://www.kaggle.com/datasets/adityakadiwal/water-potability: put water_potability.csv');
  const { stdout } = task.python('-c', 'from prepare_data import WATER; print(WATER.downloads[0][1])');
  expect(stdout).toMatch(/raw\.githubusercontent\.com\/Jangrae\/csv\/[0-9a-f]{40}\/.*sha256='[0-9a-f]{64}'/);
});

describe.skipIf(!hasPackages('pandas', 'sklearn', 'xgboost', 'yaml'))(
  'with the table (skipped where python3 has no pandas, scikit-learn, XGBoost and PyYAML)',
  SLOW_IMPORT,
  () => {
    test('the baseline comes first, then a row every 20 rounds, the same again, and no test metric unless asked', () => {
      putWater();
      const { stderr, log } = task.train(SMALL);
      expect(stderr).toBe('');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(rows.map((row) => row['round'])).toEqual([undefined, 20, 30]);
      expect(rows[0]).toMatchObject({ trivial_macro_f1: 0.5 });
      expect(Object.keys(rows[1] ?? {})).toEqual([
        'round',
        ...['macro_f1', 'potable_f1', 'accuracy', 'auc'].map((name) => `train_${name}`),
        ...['macro_f1', 'potable_f1', 'accuracy', 'auc'].map((name) => `val_${name}`),
      ]);
      // Four of five samples show their class: trees find that, and no more.
      const reached = readObjective(rows, loadTask(bundled).objective);
      expect(reached).toHaveProperty('value', expect.closeTo(0.8, 1));
      const evaluated = task.train(SMALL, '--evaluate').log;
      expect(evaluated.startsWith(log)).toBe(true);
      expect(Object.keys(parseTrainingLog(evaluated.slice(log.length), 'jsonl').rows[0] ?? {})).toContain(
        'test_macro_f1',
      );
    });

    test('the folds growing side by side give what XGBoost’s own classifier gives fold by fold', () => {
      putWater();
      const script = `
import numpy as np, dataset, xgboost
from boosting import cross_validate, tree_parameters
(features, labels), (test_features, _) = dataset.load()
assert not set(features.index) & set(test_features.index)
splits = dataset.folds(features, labels, 3)
config = dict(max_depth=4, learning_rate=0.2, min_child_weight=3, reg_alpha=0.5, scale_pos_weight=2.0, seed=3, threads=1)
kept = []
rows = list(cross_validate(features, labels, splits, tree_parameters(config, 'binary:logistic'), 25,
            lambda target, predicted: kept.append(np.asarray(predicted)) or {'n': len(target)}))
expected = np.empty(len(labels))
for learn, validate in splits:
    settings = {name: value for name, value in config.items() if name not in ('seed', 'threads')}
    model = xgboost.XGBClassifier(n_estimators=25, random_state=3, n_jobs=1, **settings).fit(features.iloc[learn], labels.iloc[learn])
    expected[validate] = model.predict_proba(features.iloc[validate])[:, 1]
print([row['round'] for row in rows], rows[-1]['val_n'] == len(labels), float(np.abs(kept[-1] - expected).max()) < 1e-6)
`;
      const { stdout, stderr } = task.python('-c', script);
      expect(stderr).toBe('');
      expect(stdout).toContain('[20, 25] True True');
    });

    test('a table that is not the published one is refused with the reason', () => {
      const line = (number: number, change: (text: string) => string) =>
        lines.map((text, index) => (index === number ? change(text) : text));
      const wrong: readonly (readonly [string[], string])[] = [
        [lines.slice(0, 2012), 'has 2,011 rows, the published table 3,276'],
        [line(0, (text) => text.replace('ph', 'acidity')), 'lacks the column ph'],
        [line(8, (text) => `41${text.slice(1)}`), 'under ph, in row 9, instead of a number from 0 to 14'],
        [line(3, (text) => text.replace(',7.1,', ',much,')), 'holds much under Chloramines, in row 4'],
        [line(5, (text) => text.slice(0, -1)), 'holds something else than 0 and 1 under Potability'],
        [line(5, (text) => `${text.slice(0, -1)}0.5`), 'holds something else than 0 and 1 under Potability'],
        [line(9, (text) => text.replace(',7.1,', ',,')), 'holds an empty cell under Chloramines, in row 10'],
        [[], 'cannot be read as a table'],
      ];
      const tables = [lines, ...wrong.map(([table]) => table)].map((table) => table.join('\n'));
      const sayings = sayingsOf(task, 'water-potability', FILE, tables);
      expect(sayings).toEqual(['accepted', ...wrong.map(([, message]) => expect.stringContaining(message))]);
    });

    test('a damaged table fails the training as data, with what to do and without a traceback', () => {
      task.putData(FILE, lines.slice(0, 100).join('\n'));
      const { status, stderr, log } = task.train(SMALL);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^Dataset not found: .* has 99 rows.* Remove it and get the original/);
      expect(explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr }).cause).toBe('data');
      expect(log).toBe('');
    });
  },
);
