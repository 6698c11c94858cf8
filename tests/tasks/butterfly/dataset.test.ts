import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editConfig } from '../../../study/config-file.ts';
import { explainFailure } from '../../../training/failure-cause.ts';
import { parseTrainingLog } from '../../../training/read-training-log.ts';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'butterfly');

/** The published format: a table, and a JPEG for each of its rows. Every species has its own brightness. */
const WRITE_BUTTERFLIES = `
import pathlib
from PIL import Image
folder = pathlib.Path('data/train')
folder.mkdir(parents=True)
lines = ['filename,label']
for number in range(1, 41):
    species = number % 4
    Image.new('RGB', (48, 40), (60 * species, 0, 0)).save(folder / f'Image_{number}.jpg')
    lines.append(f'Image_{number}.jpg,{["MONARCH", "ADONIS", "ZEBRA LONG WING", "CAIRNS BIRDWING"][species]}')
(folder.parent / 'Training_set.csv').write_text('\\n'.join(lines) + '\\n')
`;

/** Loads 24 + 8 images with 8 for the test, and prints what is in them. */
const LOAD = `
import sys
import dataset
from data_files import DataNotFoundError
dataset.TEST_IMAGES = 8
config = {'train_images': int(sys.argv[1]), 'val_images': 8, 'image_size': 32}
try:
    (train, train_labels), (val, val_labels) = dataset.load_split(config)
    test, test_labels = dataset.load_test(config)
except DataNotFoundError as error:
    sys.exit(str(error))
print(train.shape, train.dtype, val.shape, test.shape, sorted(set(train_labels.tolist())))
print([(int(image[0].mean()), int(label)) for image, label in zip(val, val_labels)])
`;

let task: string;

beforeEach(() => {
  task = join(mkdtempSync(join(tmpdir(), 'butterfly-')), 'task');
  cpSync(bundled, task, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
});

afterEach(() => rmSync(join(task, '..'), { recursive: true }));

function python(...args: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  return spawnSync('python3', args, { cwd: task, encoding: 'utf8', env });
}

const write = (script: string) => expect(python('-c', script)).toMatchObject({ status: 0, stderr: '' });
const load = (trainImages = 24) => python('-c', LOAD, String(trainImages));
const data = (...path: string[]) => join(task, 'data', ...path);

test('without the images, the home page and the place for them are named', () => {
  const { status, stderr } = python('prepare_data.py');
  expect(status).toBe(1);
  expect(stderr).toContain('https://www.kaggle.com/datasets/phucthaiv02/butterfly-image-classification');
  expect(stderr).toContain(`put Training_set.csv, train into ${data()}/`);
  expect(stderr).toContain('--stand-in');
  expect(explainFailure({ exitCode: status, signal: null, outcome: 'exited', output: stderr }).cause).toBe('data');
});

const hasPillow = python('-c', 'import numpy, PIL').status === 0;

describe.skipIf(!hasPillow)('reading the images (skipped where python3 has no NumPy and Pillow)', () => {
  beforeEach(() => write(WRITE_BUTTERFLIES));

  test('a table and JPEGs become arrays, each image with the number of its species', () => {
    const { stdout, stderr } = load();
    expect(stderr).toBe('');
    expect(stdout).toContain('(24, 3, 32, 32) uint8 (8, 3, 32, 32) (8, 3, 32, 32) [0, 1, 2, 3]');
    // In the order of the names: ADONIS (60), CAIRNS BIRDWING (180), MONARCH (0), ZEBRA LONG WING (120).
    const pairs = [...stdout.matchAll(/\((\d+), (\d)\)/g)].map(([, red, label]) => [Number(label), Number(red)]);
    expect(pairs).toHaveLength(8);
    for (const [label = -1, red = -1] of pairs)
      expect(Math.abs(red - ([60, 180, 0, 120][label] ?? -1))).toBeLessThan(3);
  });

  test('the validation images stay the same with fewer to train on', () => {
    const lastLine = (text: string) => text.trim().split('\n').at(-1);
    expect(lastLine(load(4).stdout)).toBe(lastLine(load(24).stdout));
  });

  const damages: Record<string, [damage: () => void, message: string]> = {
    'an image that is cut short': [
      () => writeFileSync(data('train', 'Image_3.jpg'), readFileSync(data('train', 'Image_3.jpg')).subarray(0, 400)),
      'Image_3.jpg is no JPEG or PNG that can be read',
    ],
    'a page in the place of an image': [
      () => writeFileSync(data('train', 'Image_3.jpg'), '<html>log in</html>'),
      'Image_3.jpg is no JPEG or PNG that can be read',
    ],
    'an image that is missing': [() => rmSync(data('train', 'Image_3.jpg')), 'Image_3.jpg is missing'],
    'a small file that would unfold to a hundred megabytes': [
      () => write(`from PIL import Image; Image.new('1', (6000, 6000)).save('data/train/Image_3.jpg', format='PNG')`),
      'Image_3.jpg has more than 25,000,000 pixels',
    ],
    'a path in the place of a name': [
      () => appendFileSync(data('Training_set.csv'), '../../secret.jpg,MONARCH\n'),
      'has no file name and species in line 42',
    ],
    'an image that is named twice': [
      () => appendFileSync(data('Training_set.csv'), 'Image_3.jpg,MONARCH\n'),
      'names Image_3.jpg more than once',
    ],
    'a table with other columns': [
      () => writeFileSync(data('Training_set.csv'), 'image,species\na.jpg,MONARCH\n'),
      'is no table with the columns filename and label',
    ],
    'a table in another format': [
      () => writeFileSync(data('Training_set.csv'), Buffer.from([0xff, 0xfe, 0x00, 0x80])),
      'is no table with the columns filename and label',
    ],
    'a folder in the place of the table': [
      () => {
        rmSync(data('Training_set.csv'));
        mkdirSync(data('Training_set.csv'));
      },
      'is no table with the columns filename and label',
    ],
    'more species than there are': [
      () => appendFileSync(data('Training_set.csv'), Array.from({ length: 80 }, (_, n) => `${n}.jpg,S${n}\n`).join('')),
      'names 84 species, not 75',
    ],
  };

  test.each(Object.entries(damages))('%s is refused with the way to the original', (_, [damage, message]) => {
    damage();
    const { status, stderr } = load();
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^Dataset not found: .*Remove it and get the original\. .*kaggle\.com/);
    expect(stderr).not.toContain('Traceback');
  });

  test('fewer images than asked for are named by their numbers', () => {
    expect(load(400).stderr).toMatch(/8 test images and the 8 \+ 400 .* more than the 40 in Training_set.csv/);
  });
});

const hasTorch = hasPillow && python('-c', 'import torch, yaml').status === 0;

describe.skipIf(!hasTorch)('training (skipped where python3 has no PyTorch and PyYAML)', { timeout: 300_000 }, () => {
  test('generated butterflies train, every row says what they are, and the test waits to be asked', () => {
    const config = join(task, 'config.yaml');
    const small = { width: 4, epochs: 1, train_images: 60, val_images: 30, batch_size: 30, image_size: 32, threads: 1 };
    writeFileSync(config, editConfig(readFileSync(config, 'utf8'), config, small));
    const logOf = (...args: string[]) => {
      expect(python('train.py', '--stand-in', ...args)).toMatchObject({ status: 0, stderr: '' });
      return readFileSync(join(task, 'train_log.jsonl'), 'utf8');
    };
    const log = logOf();
    expect(log.match(/"data": "stand-in"/g)).toHaveLength(2);
    const { rows } = parseTrainingLog(log, 'jsonl');
    expect(Object.keys(rows[0] ?? {})).toEqual(['trivial_accuracy']);
    expect(Object.keys(rows[1] ?? {})).toContain('val_accuracy');
    expect(log).not.toContain('test_');
    expect(logOf('--evaluate')).toContain('test_accuracy');
  });

  test('without the images the training ends with the way to get them', () => {
    const { status, stderr } = python('train.py');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Dataset not found: Butterfly Image Classification is not there/);
    expect(existsSync(join(task, 'train_log.jsonl'))).toBe(false);
  });
});
