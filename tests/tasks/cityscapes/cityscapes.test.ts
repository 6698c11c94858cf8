import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTrainingLog } from '../../../training/read-training-log.ts';
import { copyTask, hasPackages, SLOW_IMPORT, type TaskCopy } from '../task-copy.ts';
import { causeOf, withoutTime } from '../training-results.ts';

const SMALL = {
  width: 32,
  height: 16,
  train_scenes: 8,
  val_scenes: 4,
  test_scenes: 4,
  batch_size: 4,
  epochs: 2,
  threads: 1,
};

/** Four scenes of 64 × 32 pixels for each city, in the published layout: sky, house and road, and what does not count. */
const WRITE_SCENES = `
import pathlib, numpy
from PIL import Image
for part, city in (('train', 'aachen'), ('train', 'bochum'), ('train', 'ulm'), ('val', 'munster')):
    for kind in ('leftImg8bit', 'gtFine'):
        pathlib.Path('data', kind, part, city).mkdir(parents=True)
    for number in range(4):
        labels = numpy.full((32, 64), 23, dtype='uint8')
        labels[8:20, 8 * number:], labels[20:], labels[30:] = 11, 7, 1
        image = numpy.stack([labels * 7, labels * 5, 255 - labels * 7], axis=2)
        name = f'{city}_{number:06}_000019'
        Image.fromarray(image).save(f'data/leftImg8bit/{part}/{city}/{name}_leftImg8bit.png')
        Image.fromarray(labels).save(f'data/gtFine/{part}/{city}/{name}_gtFine_labelIds.png')
`;

let task: TaskCopy;

beforeEach(() => {
  task = copyTask('cityscapes');
});

afterEach(() => task.remove());

test('without the scenes it says where they are to be had, and nothing is downloaded', () => {
  const { status, stdout, stderr } = task.python('prepare_data.py');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('https://www.cityscapes-dataset.com/downloads/');
  expect(stderr).toContain('put leftImg8bit/train, leftImg8bit/val, gtFine/train, gtFine/val into');
  expect(causeOf(stderr)).toBe('data');
});

describe.skipIf(!hasPackages('numpy', 'PIL'))('the scenes (skipped where python3 has no NumPy and Pillow)', () => {
  const load = (what: string, count: number) =>
    task.python(
      '-c',
      `
import dataset
from data_files import DataNotFoundError
try:
    scenes = dataset.${what}((32, 16), ${count})
    print(scenes.images.shape, scenes.classes.shape, sorted(set(scenes.classes.flatten().tolist())))
except DataNotFoundError as error:
    print(error)
`,
    );
  const path = (kind: 'leftImg8bit' | 'gtFine', ending: string) =>
    join(task.folder, 'data', kind, 'train', 'aachen', `aachen_000000_000019_${ending}.png`);

  beforeEach(() => expect(task.python('-c', WRITE_SCENES)).toMatchObject({ status: 0, stderr: '' }));

  test('are scaled, and their labels become the 19 classes and what does not count', () => {
    const { stdout, stderr } = load('load_training', 8);
    expect(stderr).toBe('');
    expect(stdout).toContain(`8 scenes of ${task.folder}/data/leftImg8bit/train`);
    expect(stdout).toContain('(8, 3, 16, 32) (8, 16, 32) [0, 2, 10, 255]');
  });

  test('are divided by city: three for validation, and the published validation part for the test', () => {
    expect(load('load_training', 9).stdout).toContain('8 that may be used (aachen, bochum)');
    expect(load('load_validation', 5).stdout).toContain('4 that may be used (ulm)');
    expect(load('load_test', 5).stdout).toContain('4 that may be used (munster)');
    expect(load('load_test', 5).stdout).toContain('asks for 5 scenes');
  });

  test('a photograph that is cut short, is none, or is of another kind is named', () => {
    const photograph = path('leftImg8bit', 'leftImg8bit');
    const spoil = (code: string) => task.python('-c', `from PIL import Image; path = '${photograph}'; ${code}`);
    spoil("content = open(path, 'rb').read(); open(path, 'wb').write(content[:90])");
    expect(load('load_training', 8).stdout).toContain(`${photograph} cannot be read`);
    spoil("open(path, 'w').write('no picture')");
    expect(load('load_training', 8).stdout).toContain(`${photograph} cannot be read`);
    spoil("Image.new('L', (64, 32)).save(path)");
    expect(load('load_training', 8).stdout).toContain(`${photograph} should be a PNG of mode RGB, and is L`);
    spoil("Image.new('RGB', (40, 32)).save(path)");
    expect(load('load_training', 8).stdout).toContain('is (64, 32) pixels, its photograph (40, 32)');
  });

  test('labels that are missing or outside the table are named', () => {
    const labels = path('gtFine', 'gtFine_labelIds');
    task.python('-c', `from PIL import Image; Image.new('L', (64, 32), 34).save('${labels}')`);
    expect(load('load_training', 8).stdout).toContain(`${labels} should hold labels from 0 to 33, and holds 34`);
    rmSync(labels);
    const { stdout } = load('load_training', 8);
    expect(stdout).toContain(`${labels} is missing`);
    expect(stdout).toContain('https://www.cityscapes-dataset.com');
  });
});

describe.skipIf(!hasPackages('torch', 'numpy', 'yaml', 'PIL'))(
  'training (skipped where python3 has no PyTorch, PyYAML and Pillow)',
  SLOW_IMPORT,
  () => {
    test('the network has the paper’s 0.37 million parameters and scores every pixel', () => {
      const script = `
import torch
from model import ENet
for activation in ('relu', 'prelu'):
    network = ENet(19, activation)
    scores = network(torch.zeros(2, 3, 24, 40))
    scores.sum().backward()
    print(tuple(scores.shape), sum(each.numel() for each in network.parameters()))
`;
      const { stdout, stderr } = task.python('-c', script);
      expect(stderr).toBe('');
      expect(stdout).toBe('(2, 19, 24, 40) 359858\n(2, 19, 24, 40) 363954\n');
    });

    test('mean IoU goes over the classes that occur, and leaves out what does not count', () => {
      const script = `
import torch
from iou import count_classes, count_pairs, mean_iou, mean_iou_of_one_class
actual = torch.tensor([[0, 0, 0, 1, 255, 255]], dtype=torch.uint8)
print(mean_iou(count_pairs(torch.tensor([[0, 0, 5, 1, 1, 7]]), actual)), mean_iou_of_one_class(count_classes([actual]), everywhere=0))
`;
      // Class 0: 2 of 3, class 1: 1 of 1; class 5 does not occur. Then class 0: 3 of 4, class 1: none.
      expect(task.python('-c', script)).toMatchObject({ stdout: `${(2 / 3 + 1) / 2} 0.375\n`, stderr: '' });
    });

    test('stand-in scenes give a curve, the same one again, and say what they are in every row', () => {
      const first = task.train(SMALL, '--stand-in');
      expect(first.stderr).toBe('');
      expect(first.stdout).toContain('STAND-IN DATA');
      const rows = (log: string) => parseTrainingLog(log, 'jsonl').rows.map((row) => Object.keys(row));
      const names = ['epoch', 'train_loss', 'val_loss', 'val_mean_iou', 'learning_rate', 'seconds'];
      expect(rows(first.log)).toEqual([['trivial_val_mean_iou'], names, names]);
      expect(first.log.match(/"data": "stand-in"/g)).toHaveLength(3);
      const again = task.train(SMALL, '--stand-in', '--evaluate');
      expect(withoutTime(again.log).startsWith(withoutTime(first.log))).toBe(true);
      expect(rows(again.log)[3]).toEqual(['test_loss', 'test_mean_iou']);
    });

    test('files in the published layout are learned from, and the test part is opened only when asked', () => {
      expect(task.python('-c', WRITE_SCENES).status).toBe(0);
      const { stdout, stderr, log } = task.train({ ...SMALL, epochs: 25, learning_rate: 0.01 });
      expect(stderr).toBe('');
      expect(stdout).not.toContain('leftImg8bit/val');
      expect(log).not.toContain('stand-in');
      const { rows } = parseTrainingLog(log, 'jsonl');
      expect(Number(rows.at(-1)?.['val_mean_iou'])).toBeGreaterThan(2 * Number(rows[0]?.['trivial_val_mean_iou']));
      expect(task.train({ epochs: 1 }, '--evaluate').stdout).toContain('4 scenes of');
    });

    test('a size that the network cannot halve three times is refused before any training', () => {
      const { status, stderr, log } = task.train({ ...SMALL, height: 20 }, '--stand-in');
      expect({ status, log }).toEqual({ status: 1, log: '' });
      expect(stderr).toBe('width and height in config.yaml must be multiples of 8, and are 32 and 20\n');
    });

    test('a loss that explodes ends the training as diverged', () => {
      const { status, stderr } = task.train({ ...SMALL, optimizer: 'sgd', learning_rate: 1e30 }, '--stand-in');
      expect(status).toBe(1);
      expect(causeOf(stderr)).toBe('diverged');
      // The loss of the only step is that of the untrained network; what the step did shows in validation.
      const oneStep = { ...SMALL, optimizer: 'sgd', learning_rate: 1e30, batch_size: 1_000, epochs: 1 };
      expect(task.train(oneStep, '--stand-in').stderr).toMatch(
        /diverged in epoch 1: train_loss \d\S*, val_loss (nan|inf)$/m,
      );
    });
  },
);
