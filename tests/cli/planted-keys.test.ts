import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FakeReply, type FakeRequest, startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { Workplace } from './run-cli.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const filler = 'qW8eR7tY6uI5oP4aS3dF2gH1jK0lZ9xC';
const PLANTED = {
  key: `the-providers-own-key-${filler.slice(0, 10)}`,
  shaped: `sk-proj-${filler}`,
  inAddress: `pass${filler.slice(10, 26)}`,
};

const SCRIPT = 'import sys\nprint(f"METRIC loss={float(sys.argv[1])}")';

/** What a careless gateway says: the whole header that it did not like. */
const echo = ({ headers }: FakeRequest, status: number): FakeReply => ({
  kind: 'status',
  status,
  body: { error: { message: `not now, ${headers['authorization']}, nor ${PLANTED.shaped}` } },
});

function filesIn(folder: string): [name: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

function expectNoKey(places: readonly (readonly [string, string])[]): void {
  for (const [place, text] of places)
    for (const [which, secret] of Object.entries(PLANTED))
      expect(text.includes(secret), `${which} in ${place}`).toBe(false);
}

test('no key gets into anything that a study writes, prints or sends, whatever a server says of it', async () => {
  const workplace = new Workplace();
  const seen = { retried: 0 };
  await using openai = await startFakeOpenAi((request) => {
    expect(request.headers['authorization']).toBe(`Bearer ${PLANTED.key}`);
    if (request.tools.some((each) => each.function.name === 'ProposeTrial')) return echo(request, 401);
    seen.retried += 1;
    return seen.retried === 1 ? echo(request, 503) : { kind: 'text', text: `I was given ${PLANTED.shaped}.` };
  });
  const environment = { OPENAI_API_KEY: PLANTED.key, OPENAI_BASE_URL: openai.baseUrl };
  const task = workplace.task(SCRIPT);
  const flags = ['--model', 'openai:fake', '--trials', '2', '--seed', '1', '--yes', '--plain'];
  const run = await workplace.run(['tune', task, ...flags], environment);
  expect(run.code, run.stderr).toBe(3);
  expect(run.stdout).toMatch(
    /status 401: .*not now, Bearer \[redacted: OPENAI_API_KEY\], nor \[redacted: OpenAI key\]/,
  );
  const shown = await workplace.run(['show', 'latest'], environment);
  const doctor = await workplace.run(['doctor', '--model', 'openai:fake'], environment);
  const resumed = await workplace.run(['resume', 'latest', '--plain'], environment);
  const json = await workplace.run(['resume', 'latest', '--json'], environment);
  const files = filesIn(join(workplace.folder, 'logs'));
  expect(
    files.map(([name]) => name).filter((name) => /(agent\.log|study\.yaml|report\.html)$/.test(name)),
  ).toHaveLength(3);
  const printed = Object.entries({ run, shown, doctor, resumed, json }).flatMap(([name, { stdout, stderr }]) => [
    [`${name}’s stdout`, stdout] as const,
    [`${name}’s stderr`, stderr] as const,
  ]);
  const sent = openai.requests.map(({ body }, index) => [`request ${index}`, JSON.stringify(body)] as const);
  expectNoKey([...files, ...printed, ...sent]);
});

test.each([
  ['--base-url', `https://me:${PLANTED.inAddress}@models.example.org/v1`],
  ['--base-url', `https://models.example.org/v1?key=${PLANTED.inAddress}`],
])('a password in an address (%s %s) is refused without being repeated', async (flag, value) => {
  const workplace = new Workplace();
  const run = await workplace.run(['tune', workplace.task(SCRIPT), '--model', 'openai:x', flag, value, '--yes'], {
    OPENAI_API_KEY: PLANTED.key,
  });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('[model-unusable]');
  expectNoKey([
    ['stdout', run.stdout],
    ['stderr', run.stderr],
  ]);
  expect(readdirSync(workplace.folder)).not.toContain('logs');
});

test('a key in the value of a flag is refused without being repeated: study.yaml would keep it', async () => {
  const args = ['--strategy', 'random', '--executor', 'direct', '--trials', '1', '--yes', '--plain'];
  for (const [secret, environment] of [
    [PLANTED.shaped, {}],
    [PLANTED.key, { MY_SERVICE_TOKEN: PLANTED.key }],
  ] as const) {
    const workplace = new Workplace();
    const task = workplace.task(SCRIPT, (yaml) => yaml.replace('args: "{x}"', 'config: config.yaml, args: "{x}"'));
    writeFileSync(join(task, 'config.yaml'), 'x: 0.5\nhub: none\n');
    const run = await workplace.run(['tune', task, ...args, '--set', `hub=${secret}`], environment);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('The value of --set hub looks like a secret')]);
    expectNoKey([
      ['stdout', run.stdout],
      ['stderr', run.stderr],
      ...filesIn(workplace.folder).filter(([name]) => name.includes('/logs/')),
    ]);
  }
});
