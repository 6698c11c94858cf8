import { expect, test } from 'vitest';
import { childEnvironment } from '../../runners/child-environment.ts';

test('a training gets what programs need to work, and nothing else', () => {
  const parent = {
    PATH: '/bin',
    HOME: '/home/me',
    LC_ALL: 'C',
    CUDA_VISIBLE_DEVICES: '0',
    https_proxy: 'http://p',
    EDITOR: 'vi',
  };
  expect(childEnvironment(parent, [], {})).toEqual({
    environment: {
      PATH: '/bin',
      HOME: '/home/me',
      LC_ALL: 'C',
      CUDA_VISIBLE_DEVICES: '0',
      https_proxy: 'http://p',
      PYTHONUNBUFFERED: '1',
    },
    withheld: [],
  });
});

test('a task may ask for more by name', () => {
  const { environment, withheld } = childEnvironment({ WANDB_API_KEY: 'w', KAGGLE_KEY: 'k' }, ['WANDB_API_KEY'], {});
  expect(environment['WANDB_API_KEY']).toBe('w');
  expect(withheld).toEqual(['KAGGLE_KEY']);
});

test.each([
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ANTHROPIC_API_KEY',
  'AZURE_OPENAI_API_KEY',
  'LANGSMITH_API_KEY',
  'GEMINI_API_KEY',
  'GROQ_API_KEY',
  'openai_api_key',
])('a model provider’s %s never reaches a training, even if named', (name) => {
  expect(childEnvironment({ [name]: 'secret' }, [name], {})).toEqual({
    environment: { PYTHONUNBUFFERED: '1' },
    withheld: [name],
  });
});

test('what the environment of the task brings wins', () => {
  const { environment } = childEnvironment({ PATH: '/bin', PYTHONUNBUFFERED: '' }, [], {
    PATH: '/venv/bin:/bin',
    SEED: '3',
  });
  expect(environment).toMatchObject({ PATH: '/venv/bin:/bin', SEED: '3', PYTHONUNBUFFERED: '1' });
});

test('an unset variable is neither passed nor withheld', () => {
  expect(childEnvironment({ HF_TOKEN: undefined }, ['HF_TOKEN'], {})).toEqual({
    environment: { PYTHONUNBUFFERED: '1' },
    withheld: [],
  });
});
