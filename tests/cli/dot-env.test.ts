import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const ready = () => ({ kind: 'tool-call', name: 'Ready', args: {} }) as const;

test('key and server come from the .env of the working directory', async () => {
  await using server = await startFakeOpenAi(ready);
  const workplace = new Workplace();
  const lines = ['# mine', `OPENAI_BASE_URL="${server.baseUrl}"`, "OPENAI_API_KEY='key-of-the-file'"];
  writeFileSync(join(workplace.folder, '.env'), lines.join('\n'));
  await workplace.run(['doctor', '--model', 'openai:fake']);
  expect(server.requests[0]?.headers['authorization']).toBe('Bearer key-of-the-file');
});

test('a .env overrides nothing: the environment’s server gets the environment’s key', async () => {
  await using server = await startFakeOpenAi(ready);
  await using other = await startFakeOpenAi(ready);
  const workplace = new Workplace();
  const lines = [`OPENAI_BASE_URL=${other.baseUrl}`, 'OPENAI_API_KEY=key-of-the-file'];
  writeFileSync(join(workplace.folder, '.env'), lines.join('\n'));
  const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'key-of-the-shell' };
  await workplace.run(['doctor', '--model', 'openai:fake'], environment);
  expect(server.requests[0]?.headers['authorization']).toBe('Bearer key-of-the-shell');
  expect(other.requests).toHaveLength(0);
});

test('a .env of a task’s folder is never read', async () => {
  await using server = await startFakeOpenAi(ready);
  const workplace = new Workplace();
  const folder = workplace.task('print("METRIC loss=1")');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.env'), `OPENAI_BASE_URL=${server.baseUrl}\nOPENAI_API_KEY=key-of-the-task`);
  const { code, stderr } = await workplace.run(['tune', folder, '--model', 'openai:fake', '--trials', '1', '--yes']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('No OpenAI API key was found');
  expect(server.requests).toHaveLength(0);
});
