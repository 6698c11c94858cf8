import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parsePromptBlocks } from '../../agents/prompt-block.ts';
import { type FakeHandler, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

/** A parabola whose default is far from the best. */
const SCRIPT = 'import sys\nprint("METRIC loss=%r" % ((float(sys.argv[1]) - 0.9) ** 2))\n';

const results = z.object({
  status: z.string(),
  arms: z.array(
    z.object({
      arm: z.string(),
      trials: z.int(),
      failed: z.int(),
      milestones: z.array(z.object({ trials: z.int(), median: z.number() })),
    }),
  ),
  studies: z.array(z.object({ arm: z.string(), study: z.string(), bestSoFar: z.array(z.number()) })),
});

function bench(arms: string, ...more: readonly string[]): string[] {
  const task = workplace.task(SCRIPT);
  const fixed = ['--task', task, '--arms', arms, '--trials', '3', '--seeds', '1', '--out', 'b', '--yes', '--json'];
  return ['bench', ...fixed, ...more];
}

const textOf = ({ messages }: FakeRequest) => messages.map(({ content }) => content ?? '').join('\n');

/** The Creator’s answers come nearer to the best; what else is asked of the model ends in prose. */
function aTuner(): FakeHandler {
  let asked = 0;
  return ({ tools }) => {
    const propose = tools.find(({ function: { name } }) => name === 'ProposeTrial');
    if (propose === undefined) return { kind: 'text', text: 'It went as it went.' };
    asked += 1;
    const values = { hyperparameters: { x: 0.6 + asked / 50 } };
    const isBare = !JSON.stringify(propose.function.parameters).includes('basedOn');
    const words = { basedOn: 'default', reasons: { x: 'Up.' }, expects: { outcome: 'better' } };
    const more = isBare ? {} : { ...words, intent: 'exploit', rationale: 'The slope leads there.' };
    return { kind: 'tool-call', name: 'ProposeTrial', args: { ...values, ...more } };
  };
}

test('each variant asks the model in its own way, from the same start, and its trajectory is reported', async () => {
  await using server = await startFakeOpenAi(aTuner());
  const arms = 'creator,creator:chat,creator:no-info,creator:deterministic,creator:opro,random';
  const { code, stdout, stderr } = await workplace.run(
    bench(arms, '--model', 'openai:fake', '--base-url', server.baseUrl),
    { OPENAI_API_KEY: 'a-key-for-a-fake-server' },
  );
  expect(code, stderr).toBe(0);
  const { status, arms: told, studies } = results.parse(JSON.parse(stdout));
  expect(status).toBe('complete');
  expect(told.map(({ arm }) => arm)).toEqual(arms.split(','));
  for (const each of told) {
    expect(each).toMatchObject({ trials: 3, failed: 0 });
    expect(each.milestones.map(({ trials }) => trials)).toEqual([1, 2, 3]);
    expect(each.milestones[0]?.median).toBeCloseTo(0.16);
  }
  for (const { bestSoFar } of studies) expect(bestSoFar).toHaveLength(3);

  const asked = server.requests.filter(({ tools }) => tools.some((tool) => tool.function.name === 'ProposeTrial'));
  expect(asked).toHaveLength(5 * 2); // the default is each study’s first trial
  const [usual, chat, noInfo, deterministic, opro] = [1, 3, 5, 7, 9].map((index) => asked[index]);
  if (!usual || !chat || !noInfo || !deterministic || !opro) throw new Error('each arm asks twice');
  expect(usual.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(chat.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
  expect(textOf(usual)).toContain('"description": "A test."');
  expect(textOf(noInfo)).not.toContain('"description": "A test."');
  expect(textOf(deterministic)).toContain('The process is deterministic');
  expect(parsePromptBlocks(textOf(opro)).get('scores')?.['rows']).toHaveLength(2);
  expect(opro.tools).toHaveLength(1);
});

test('a study of a variant names the command that begins it alone', async () => {
  const { stdout } = await workplace.run(bench('creator:noise,creator:deterministic', '--model', 'offline'));
  const { studies } = results.parse(JSON.parse(stdout));
  const commands = studies.map(({ study }) => {
    const record = readFileSync(join(workplace.folder, 'b', study, 'study.yaml'), 'utf8');
    return z.object({ command: z.string() }).parse(parse(record)).command;
  });
  expect(commands).toEqual([
    expect.stringContaining(' --strategy creator --noise 0.1 '),
    expect.stringContaining(' --strategy creator --hint-deterministic '),
  ]);
});

test('the embedded model heeds no words; a noisy arm is compared by the true values', async () => {
  const arms = 'creator,creator:reasoning,creator:noise,random';
  const { code, stdout, stderr } = await workplace.run(bench(arms, '--model', 'offline'));
  expect(code, stderr).toBe(0);
  const { studies } = results.parse(JSON.parse(stdout));
  const [usual, reasoning, noise, random] = studies.map(({ bestSoFar }) => bestSoFar);
  expect(reasoning).toEqual(usual);
  expect(noise).toHaveLength(3);
  expect(noise?.[0]).toBe(random?.[0]); // the default’s own value, not what the Creator was told of it
});

test.each(['chat', 'opro', 'free'])(
  'creator:%s is refused with the embedded model before anything runs',
  async (name) => {
    const { code, stdout } = await workplace.run(bench(`creator:${name},random`, '--model', 'offline'));
    expect(code).toBe(2);
    expect(stdout).toContain('needs a language model');
    expect(stdout).toContain(`Name a language model with --model, or leave creator:${name} out of --arms.`);
  },
);

test.each([
  ['creator:opra', 'did you mean "creator:opro"?'],
  ['nothing-like-it', 'creator:wrong-info'],
])('a variant that is not there, %s, is told what is: %s', async (arm, told) => {
  const { code, stdout } = await workplace.run(bench(`${arm},random`, '--model', 'offline'));
  expect(code).toBe(2);
  const { error } = z.object({ error: z.object({ message: z.string() }) }).parse(JSON.parse(stdout));
  expect(error.message).toContain(`There is no arm "${arm}"`);
  expect(error.message).toContain(told);
});
