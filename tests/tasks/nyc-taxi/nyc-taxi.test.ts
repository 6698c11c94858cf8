import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainFailure } from '../../../training/failure-cause.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { sayingsOf } from '../refused-tables.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { withoutTime } from '../training-results.ts';

const FILE = 'yellow_2026-01_sample.csv';
const HEADER = 'tpep_pickup_datetime,trip_distance,passenger_count,PULocationID,DOLocationID,fare_amount';
const SMALL = { train_rows: 2000, epochs: 2, width: 8, batch_size: 100, learning_rate: 0.01, threads: 1 };

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('nyc-taxi');
});

afterEach(() => task.remove());

/** The fare follows the distance and the zone of the start. */
function trip(index: number): string {
  const miles = 1 + (index % 97) / 10;
  const zone = 1 + (index % 265);
  const fare = 3 + 2 * miles + (zone % 3);
  const time = `2026-01-${`${1 + (index % 31)}`.padStart(2, '0')} ${`${index % 24}`.padStart(2, '0')}:30:00`;
  return `${time},${miles.toFixed(2)},1.0,${zone},${1 + ((index * 7) % 265)},${fare.toFixed(2)}`;
}

const lines = [HEADER, ...Array.from({ length: 100_000 }, (_, index) => trip(index))];

const putTrips = () => task.putData(FILE, `${lines.join('\r\n')}\r\n`);

test('without the trips it says where they are to be had; the download is pinned to a commit', () => {
  const { status, stderr } = task.python('-c', 'from prepare_data import TAXI; TAXI.folder()');
  expect(status).toBe(1);
  expect(stderr).toMatch(/www\.nyc\.gov.*Parquet.*put yellow_2026-01_sample\.csv/);
  const { stdout } = task.python('-c', 'from prepare_data import TAXI; print(TAXI.downloads[0][1])');
  expect(stdout).toMatch(/akareivaDU\/COMP4450-Final\/[0-9a-f]{40}\/.*sha256='[0-9a-f]{64}'/);
});

describe.skipIf(!hasPackages('numpy'))('reading the trips (skipped where python3 has no NumPy)', () => {
  const read = () =>
    task.python(
      '-c',
      `
import dataset
from data_files import DataNotFoundError
try:
    train, val, test = parts = dataset.split(dataset.load(), 2000)
    print([len(part.dollars) for part in parts], train.numbers.dtype, train.zones.min(), train.zones.max())
    wider, same_val, same_test = dataset.split(dataset.load(), 70000)
    print((val.numbers == same_val.numbers).all() and (test.zones == same_test.zones).all(), len(wider.dollars))
except DataNotFoundError as error:
    print(error)
`,
    );

  test('the trips to choose by and to test are the same, however many are trained on', () => {
    putTrips();
    const { stdout, stderr } = read();
    expect(stderr).toBe('');
    expect(stdout).toContain('[2000, 10000, 20000] float32 1 265');
    expect(stdout).toContain('True 70000');
  });

  test('a file that is not the published one is refused, and the row is named', () => {
    const fourth = (line: string) => lines.with(4, line);
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [lines.with(0, HEADER.replace('fare_amount', 'total')), 'its columns are tpep_pickup_datetime'],
      [lines.slice(0, 501), 'it has 500 trips instead of 100,000'],
      [fourth('noon,1,1,1,1,5'), 'in row 5, Invalid isoformat string'],
      [fourth(`${trip(3)} dollars`), 'in row 5, could not convert'],
      [fourth('2026-01-01 10:00:00,1,1,1,1,nan'), 'in row 5, fare_amount is nan, not from'],
      [fourth('2026-01-01 10:00:00,1,1,266,1,5'), 'in row 5, PULocationID is 266, not from 1 to 265'],
      [fourth('2026-01-01 10:00:00,1,1,1.5,1,5'), 'in row 5, PULocationID is 1.5, no whole number'],
      [fourth('2026-01-01 10:00:00,1,1'), 'in row 5, 3 cells instead of 6'],
      [[], 'its columns are none'],
    ];
    const sayings = sayingsOf(
      task,
      'nyc-taxi',
      FILE,
      wrong.map(([file]) => file.join('\n')),
    );
    expect(sayings).toEqual(
      wrong.map(([, message]) => expect.stringContaining(`is not the published table: ${message}`)),
    );
  });
});

describe.skipIf(!hasPackages('torch', 'yaml'))(
  'training (skipped where python3 has no PyTorch and PyYAML)',
  SLOW_IMPORT,
  () => {
    test('the simple estimates come first, then a row an epoch, the same again, and no test metric unless asked', () => {
      putTrips();
      const { stderr, log } = task.train(SMALL);
      expect(stderr).toBe('');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(rows.map((row) => row['epoch'])).toEqual([undefined, 1, 2]);
      // The mean explains nothing; the line all but the zone.
      expect(rows[0]).toEqual({ trivial_mse: expect.closeTo(1, 1), linear_mse: expect.closeTo(0.02, 2) });
      expect(Object.keys(rows[1] ?? {})).toEqual(['epoch', 'train_mse', 'val_mse', 'val_mae', 'seconds']);
      expect(rows[2]?.['val_mse']).toBeLessThan(0.5);
      const again = task.train(SMALL, '--evaluate').log;
      expect(withoutTime(again).startsWith(withoutTime(log))).toBe(true);
      expect(Object.keys(parseTrainingLog(again, 'jsonl').rows[3] ?? {})).toEqual(['test_mse', 'test_mae']);
    });

    test('a loss that explodes ends the training as diverged', () => {
      putTrips();
      const { status, stderr } = task.train({ ...SMALL, learning_rate: 1e30 });
      expect(status).toBe(1);
      const { cause } = explainFailure({ exitCode: 1, signal: null, outcome: 'exited', output: stderr });
      expect(cause).toBe('diverged');
    });

    test('more trips than there are is a failure of the data', () => {
      putTrips();
      expect(task.train({ ...SMALL, train_rows: 70_001 }).stderr).toMatch(
        /^Dataset not found in full: .*70,001 .*70,000/,
      );
    });
  },
);
