import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateCpuTorch, type TorchRequest, wantsCpuTorch } from '../../runners/torch-build.ts';
import { aFolder } from '../study/maker.ts';
import { python } from './python-makers.ts';

const NO_GPU: string[] = [];
const LINUX = { version: '3.11.7', platform: 'CPython-linux-x86_64' };

function aRequest(requirement = 'torch==2.13.0', environment: Record<string, string> = {}): TorchRequest {
  const name = /^[\w-]+/.exec(requirement)?.[0] ?? '';
  return { base: LINUX, check: { asked: [{ requirement, name }], namesIndex: false }, environment };
}

test('without a GPU whatever brings torch gets the CPU build, on Linux', () => {
  expect(wantsCpuTorch(aRequest(), NO_GPU)).toBe(true);
  expect(wantsCpuTorch(aRequest('lightning'), NO_GPU)).toBe(true);
  expect(wantsCpuTorch(aRequest('numpy'), NO_GPU)).toBe(false);
  const mac = { version: '3.11.7', platform: 'CPython-macosx-14.0-arm64' };
  expect(wantsCpuTorch({ ...aRequest(), base: mac }, NO_GPU)).toBe(false);
});

test('a GPU is seen by its device or by nvidia-smi', () => {
  expect(wantsCpuTorch(aRequest(), ['/dev/null'])).toBe(false);
  const programs = aFolder();
  writeFileSync(join(programs, 'nvidia-smi'), '');
  expect(wantsCpuTorch(aRequest('torch', { PATH: programs }), NO_GPU)).toBe(false);
});

test('who says where packages come from has chosen the build', () => {
  for (const name of ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_TORCH_BACKEND'])
    expect(wantsCpuTorch(aRequest('torch', { [name]: 'mine' }), NO_GPU)).toBe(false);
  expect(wantsCpuTorch(aRequest('torch', { PIP_FIND_LINKS: '/wheels', PIP_RETRIES: '1' }), NO_GPU)).toBe(true);
  const { check, ...request } = aRequest();
  expect(wantsCpuTorch({ ...request, check: { ...check, namesIndex: true } }, NO_GPU)).toBe(false);
});

const { signal } = new AbortController();

test('PyTorch’s index is named to the installers when it answers', async () => {
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/whl/cpu`;
    expect(await locateCpuTorch(aRequest(), python, signal, index)).toEqual({
      kind: 'cpu',
      pipArguments: ['--extra-index-url', index],
      uvVariables: { UV_TORCH_BACKEND: 'cpu' },
      note: 'No GPU seen: the CPU build of torch.',
    });
    expect(asked).toEqual(['HEAD /whl/cpu/torch/']);
  } finally {
    server.close();
  }
});

test('an index that does not answer is left out, and that is said', async () => {
  const build = await locateCpuTorch(aRequest(), python, signal, 'http://127.0.0.1:9/whl/cpu');
  expect(build).toMatchObject({ kind: 'default', pipArguments: [], uvVariables: {} });
  expect(build.note).toContain('127.0.0.1:9 does not answer');
});

test('a wheel of the version asked for, in a folder that pip looks into, needs no index', async () => {
  const wheels = join(aFolder(), 'wheels');
  mkdirSync(wheels);
  writeFileSync(join(wheels, 'torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl'), '');
  const places = `/no/such/place ${join(wheels, 'torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl')} ${wheels}`;
  const locate = (requirement: string) =>
    locateCpuTorch(aRequest(requirement, { PIP_FIND_LINKS: places }), python, signal, 'http://127.0.0.1:9');
  expect(await locate('torch==2.13.0')).toMatchObject({ kind: 'cpu-here', uvVariables: { UV_FIND_LINKS: wheels } });
  // pip would take a newer one from PyPI, with CUDA.
  expect(await locate('torch>=2.13.0')).toMatchObject({ kind: 'default' });
  expect(await locate('torch==2.12.0')).toMatchObject({ kind: 'default' });
});
