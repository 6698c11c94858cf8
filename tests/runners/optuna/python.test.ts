import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareOptuna } from '../../../runners/optuna/python.ts';
import { aFolder } from '../../study/maker.ts';
import { aVirtualEnvironment, installed, python } from '../python-makers.ts';

const watch = { onProgress: () => undefined, signal: new AbortController().signal };

/** No index to install from, wherever the test runs; nor any key that Optuna could see. */
const environment = {
  PATH: join(python, '..'),
  PIP_NO_INDEX: '1',
  PIP_CONFIG_FILE: '/dev/null',
  OPENAI_API_KEY: 'sk-secret',
};

function aRequest(virtualEnvironment: string) {
  const training = {
    interpreter: join(virtualEnvironment, 'bin/python'),
    variables: { VIRTUAL_ENV: virtualEnvironment },
  };
  return { sampler: 'tpe' as const, training, environment, cacheFolder: join(aFolder(), 'cache') };
}

test('the Python that trains is taken when it has Optuna, and sees no key', async () => {
  const folder = aVirtualEnvironment(join(aFolder(), 'venv'));
  installed(folder, 'optuna', '4.2.1');
  const request = aRequest(folder);
  const found = await prepareOptuna(request, watch);
  expect(found.interpreter).toBe(request.training.interpreter);
  expect(found.ownFolder).toBeUndefined();
  expect(found.environment).toMatchObject({ VIRTUAL_ENV: folder });
  expect(JSON.stringify(found.environment)).not.toContain('sk-secret');
});

test('without Optuna, or with another package missing, and no index: an error that names a way without it', async () => {
  const folder = aVirtualEnvironment(join(aFolder(), 'venv'));
  installed(folder, 'optuna', '5.0.0');
  const request = { ...aRequest(folder), sampler: 'cmaes' as const };
  await expect(prepareOptuna(request, watch)).rejects.toMatchObject({
    code: 'environment-failed',
    message: expect.stringContaining('Optuna is not there and could not be installed.'),
    hint: expect.stringContaining('--strategy tpe'),
  });
  // Nothing half made is left to be taken for an environment by the next study.
  const environments = join(request.cacheFolder, 'environments');
  for (const each of readdirSync(environments))
    expect(readdirSync(join(environments, each)).filter((name) => name.startsWith('build-'))).toEqual([]);
});
