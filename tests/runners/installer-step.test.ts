import { expect, test } from 'vitest';
import { installerStep } from '../../runners/installer-step.ts';

test.each([
  ['Collecting numpy>=1.26 (from -r requirements.txt (line 1))', 'finding packages: numpy'],
  ['  Downloading numpy-2.1.3-cp312-cp312-manylinux_2_17_x86_64.whl.metadata (62 kB)', 'finding packages: numpy'],
  ['Downloading scikit_learn-1.5.2-cp312-cp312-linux_x86_64.whl (12.9 MB)', 'downloading scikit_learn (13 MB)'],
  ['Downloading https://files.example/a/b/six-1.16.0-py2.py3-none-any.whl (11 kB)', 'downloading six (<1 MB)'],
  ['Downloading numpy (15.3MiB)', 'downloading numpy (16 MB)'],
  ['  Building wheel for pandas (pyproject.toml): started', 'building pandas'],
  ['Installing collected packages: threadpoolctl, numpy', 'unpacking the packages'],
  ['Resolved 5 packages in 412ms', 'finding packages'],
  ['Requirement already satisfied: six', undefined],
])('%s', (line, words) => {
  expect(installerStep(line)?.words).toBe(words);
});

test('a download has its size in bytes', () => {
  expect(installerStep('Downloading torch-2.5.1-cp312-linux.whl (906.4 MB)')?.sizeBytes).toBe(906_400_000);
});
