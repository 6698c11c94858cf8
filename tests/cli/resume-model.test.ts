import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { StudyEvent } from '../../study/events.ts';
import { type FakeHandler, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

const SCRIPT = 'import sys\nprint(f"METRIC loss={1 + (float(sys.argv[1]) - 0.3) ** 2}")\n';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

const isProposal = ({ tools }: FakeRequest) => tools.some((each) => each.function.name === 'ProposeTrial');

/** Proposes one new value after another, and says little. */
function playing(): FakeHandler {
  let x = 0;
  return (request) => {
    if (!isProposal(request)) return { kind: 'text', text: 'It went well.' };
    x += 0.01;
    const answer = { expects: { outcome: 'better' }, intent: 'explore', rationale: 'Next.' };
    const args = { basedOn: 'default', hyperparameters: { x }, reasons: { x: 'Smaller.' }, ...answer };
    return { kind: 'tool-call', name: 'ProposeTrial', args };
  };
}

/** Tunes two trials, resumes for two more. Answers what the Creator was asked, and what the log holds. */
async function tuneAndResume(flags: readonly string[]) {
  await using server = await startFakeOpenAi(playing());
  const model = ['--model', 'openai:fake', '--base-url', server.baseUrl, '--executor', 'direct', '--seed', '1'];
  const tuned = await workplace.run([
    'tune',
    workplace.task(SCRIPT),
    ...model,
    '--trials',
    '2',
    '--yes',
    '--plain',
    ...flags,
  ]);
  expect(tuned.code, tuned.stderr).toBe(0);
  const resumed = await workplace.run(['resume', 'latest', '--trials', '4', '--plain']);
  expect(resumed.code, resumed.stderr).toBe(0);
  return { asked: server.requests.filter(isProposal), said: [tuned.stderr, resumed.stderr] };
}

function finished() {
  const logs = join(workplace.folder, 'logs/mine');
  const lines = readFileSync(join(logs, readdirSync(logs)[0] ?? '', 'experiment-log.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines
    .map((line): StudyEvent => JSON.parse(line))
    .flatMap((each) => (each.event === 'trial-finished' ? [each] : []));
}

/** As the log that the model is told shows a value. */
const shown = (value: number) => Number(value.toPrecision(4));

const text = ({ messages }: FakeRequest) => messages.map(({ content }) => content ?? '').join('\n');

test('--noise after a resume: the model is told the noisy values of before, and never a true one', async () => {
  const { asked } = await tuneAndResume(['--noise', '0.1', '--seed', '2']);
  const trials = finished();
  expect(trials).toHaveLength(4);
  const last = text(asked.at(-1) ?? expect.fail('nobody was asked'));
  for (const { trial, value = 0, toldValue = 0 } of trials.slice(0, 3)) {
    expect(Math.abs(toldValue / value - 1)).toBeLessThanOrEqual(0.1);
    expect(last).toContain(`[${trial},${shown(toldValue)},`);
    expect(last).not.toContain(`,${shown(value)},`);
  }
});

test('--prompt chat after a resume: the dialogue goes on, its beginning word for word', async () => {
  const { asked } = await tuneAndResume(['--prompt', 'chat']);
  expect(asked.map(({ messages }) => messages.length)).toEqual([2, 5, 8]);
  const [, before, after] = asked;
  expect(after?.messages.slice(0, 4).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
  expect(after?.messages.slice(0, 4)).toEqual(before?.messages.slice(0, 4));
});

test('--prompt chat says so before it passes the model’s context, once a run', async () => {
  const { said } = await tuneAndResume(['--prompt', 'chat', '--context-tokens', '2000']);
  for (const stderr of said)
    expect(stderr.match(/The chat prompt takes about \d+ of the model’s 2000 tokens/g)).toHaveLength(1);
});

test.each(['--strategy', '--noise', '--seed'])('resume %s says that a study keeps it', async (flag) => {
  const { code, stderr } = await workplace.run(['resume', 'latest', flag, '1']);
  expect(code).toBe(2);
  expect(stderr).toBe(
    `error [usage] ${flag} cannot change: a study keeps what it began with, but for its limits and models.\n→ Leave ${flag} out, or begin a new study with: agenthpo tune\n`,
  );
});
