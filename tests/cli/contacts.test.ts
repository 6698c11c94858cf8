import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const PRELOADED = pathToFileURL(fileURLToPath(new URL('../fixtures/only-these-hosts.mjs', import.meta.url))).href;

/** What turns LangChain’s tracing on in a user’s shell. */
const TRACING = {
  LANGSMITH_TRACING: 'true',
  LANGSMITH_TRACING_V2: 'true',
  LANGCHAIN_TRACING: 'true',
  LANGCHAIN_TRACING_V2: 'true',
  LANGSMITH_API_KEY: 'lsv2-not-a-key',
  LANGCHAIN_CALLBACKS_BACKGROUND: 'false',
};

test('a study talks to its model’s server and to nobody else, tracing switched on in the shell or not', async () => {
  const workplace = new Workplace();
  await using openai = await startFakeOpenAi(() => ({ kind: 'text', text: 'It went well.' }));
  const contacts = join(workplace.folder, 'contacts.txt');
  const environment = {
    ...TRACING,
    OPENAI_API_KEY: 'none-needed-here',
    OPENAI_BASE_URL: openai.baseUrl,
    NODE_OPTIONS: `--import ${PRELOADED}`,
    CONTACTS: contacts,
  };
  const task = workplace.task('print("METRIC loss=1")');
  const run = await workplace.run(
    ['tune', task, '--model', 'openai:fake', '--trials', '2', '--seed', '1', '--yes', '--plain'],
    environment,
  );
  expect(run.code, run.stderr).toBe(0);
  expect(openai.requests.length).toBeGreaterThan(2);
  expect(new Set(readFileSync(contacts, 'utf8').trim().split('\n'))).toEqual(new Set(['127.0.0.1']));
});
