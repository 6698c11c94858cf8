import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { beforeAll, describe, expect, test } from 'vitest';
import { toModelFault } from '../agents/model-fault.ts';
import { PROVIDERS } from '../agents/models/providers.ts';
import { shortMemory } from '../agents/models/quirk-memory.ts';
import { readUsage } from '../agents/models/read-usage.ts';
import { withReplyLimit } from '../agents/models/reply-limit.ts';
import { resolveModel } from '../agents/models/resolve-model.ts';
import { type ProviderReply, type ProviderRequest, startProvider } from './fixtures/provider-servers.ts';
import { aFolder } from './study/maker.ts';

/*
 * The providers’ own packages, as the registry has them, against servers that speak their wire formats: whichever client
 * sends it, a request is redacted, limited in its reply and in time, and what the server refuses is learned. It takes
 * minutes and the network, so that it runs where AGENTHPO_TEST_REGISTRY is set (.ci/run does).
 */

const { AGENTHPO_TEST_REGISTRY: isAsked } = process.env;
const INSTALL_MS = 300_000;
const folder = aFolder();
const PACKAGED = PROVIDERS.filter((each) => each.package !== undefined).map(({ name }) => name);

const SECRET = 'sk-of-the-user-1234';
const VALUES = {
  ANTHROPIC_API_KEY: SECRET,
  GOOGLE_API_KEY: SECRET,
  MISTRAL_API_KEY: SECRET,
  GROQ_API_KEY: SECRET,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'the-access-key',
  AWS_SECRET_ACCESS_KEY: SECRET,
};

const LOOK = {
  type: 'function',
  function: {
    name: 'Look',
    description: 'Looks.',
    parameters: { type: 'object', properties: { at: { type: 'number', exclusiveMinimum: 0 } } },
  },
} as const;
const CALL: ProviderReply = { kind: 'tool', name: 'Look', input: { at: 3 } };
const SAID: ProviderReply = { kind: 'text', text: 'I saw 7.' };
const PROMPT = [new SystemMessage('Be brief.'), new HumanMessage(`The log says ${SECRET}.`)];

type Answer = (request: ProviderRequest, index: number) => ProviderReply;

/** A model of the provider, its server, and what was learned of it. */
async function connect(
  provider: string,
  answer: Answer,
  given: { timeoutSeconds?: number; temperature?: number } = {},
) {
  const server = await startProvider(provider, answer);
  const memory = shortMemory();
  const sources = [{ name: 'the environment', values: VALUES }];
  const request = {
    model: `${provider}:some-model`,
    baseUrl: server.url,
    sources,
    memory,
    seed: 1,
    workingFolder: folder,
  };
  const { chat } = await resolveModel({ timeoutSeconds: 10, ...request, ...given });
  const asked = chat.bindTools?.([LOOK]);
  if (asked === undefined) throw new Error('every model of ours takes tools');
  return { chat, asked, server, memory, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.skipIf(!isAsked)('with the package registry (AGENTHPO_TEST_REGISTRY is set)', () => {
  beforeAll(async () => {
    const wanted = PROVIDERS.flatMap((each) => each.package ?? []).map(({ name, range }) => `${name}@${range}`);
    const quiet = ['--silent', '--no-audit', '--no-fund', '--no-package-lock'];
    await promisify(execFile)('npm', ['install', ...quiet, '--prefix', folder, ...wanted], { cwd: folder });
  }, INSTALL_MS);

  describe.each(PACKAGED)('%s', (provider) => {
    test('calls a tool, hears its result, and counts its tokens', async () => {
      await using it = await connect(provider, (_, index) => (index === 0 ? CALL : SAID));
      const reply = await it.asked.invoke(PROMPT);
      expect(reply.tool_calls).toMatchObject([{ name: 'Look', args: { at: 3 } }]);
      expect(readUsage(reply)).toMatchObject({ promptTokens: 100, completionTokens: 10 });
      const [call] = reply.tool_calls ?? [];
      const result = new ToolMessage({ tool_call_id: call?.id ?? '', name: 'Look', content: 'seven apples' });
      expect((await it.asked.invoke([...PROMPT, reply, result])).text).toBe('I saw 7.');
      expect(it.server.requests[1]?.text).toContain('seven apples');
    });

    test('is sent no secret, no temperature that nobody set, and its key in the header alone', async () => {
      await using it = await connect(provider, () => SAID);
      const call = new AIMessage({
        content: '',
        tool_calls: [{ id: 'abcdefghi', name: 'Look', args: { at: SECRET } }],
      });
      const result = new ToolMessage({ tool_call_id: 'abcdefghi', name: 'Look', content: SECRET });
      await it.asked.invoke([...PROMPT, call, result]);
      const [request] = it.server.requests;
      expect(request?.text).not.toContain(SECRET);
      expect(request?.text.match(/\[redacted: /g)).toHaveLength(3);
      expect(request?.text).not.toContain('temperature');
      expect(JSON.stringify(request?.headers)).toContain(provider === 'bedrock' ? 'the-access-key' : SECRET);
    });

    test('is asked for a reply no longer than the budget has room for', async () => {
      await using it = await connect(provider, () => SAID);
      await withReplyLimit(77, () => it.asked.invoke(PROMPT));
      expect(it.server.requests[0]?.text).toMatch(
        /"(max_tokens|max_completion_tokens|maxOutputTokens|maxTokens)":77\b/,
      );
    });

    test('is waited for no longer than request_timeout, and its connection is closed', async () => {
      await using it = await connect(provider, () => ({ kind: 'hang' }), { timeoutSeconds: 0.3 });
      expect(toModelFault(await failureOf(it.asked.invoke(PROMPT)))).toMatchObject({ what: 'no answer in time' });
      await expect.poll(it.server.abandoned).toBe(1);
    });

    test('is dropped at Ctrl-C, in the middle of a call', async () => {
      const controller = new AbortController();
      await using it = await connect(provider, () => {
        setTimeout(() => controller.abort(), 50);
        return { kind: 'hang' };
      });
      expect(await failureOf(it.asked.invoke(PROMPT, { signal: controller.signal }))).toBeInstanceOf(Error);
      await expect.poll(it.server.abandoned).toBe(1);
    });

    test('says its status and how long to wait', async () => {
      const words = 'Too many tokens, please wait before trying again.';
      const refusal = { kind: 'refusal', status: 429, words, headers: { 'retry-after': '7' } } as const;
      await using it = await connect(provider, () => refusal);
      const fault = toModelFault(await failureOf(it.asked.invoke(PROMPT)));
      expect(fault).toMatchObject({ status: 429, isPassing: true, retryAfterMs: 7000, what: `status 429: ${words}` });
      expect(it.server.requests).toHaveLength(1);
    });

    test('that answers a web page, or is not there, is told as such', async () => {
      await using it = await connect(provider, () => ({ kind: 'html' }));
      const unread = { isPassing: true, what: 'the reply is not in the format of its provider' };
      expect(toModelFault(await failureOf(it.asked.invoke(PROMPT)))).toMatchObject(unread);
      await it.server[Symbol.asyncDispose]();
      expect(toModelFault(await failureOf(it.asked.invoke(PROMPT)))?.what).toMatch(/^no connection \(ECONN/);
    });

    test('that takes no tools is driven in text, without what it refuses', async () => {
      await using it = await connect(provider, ({ text }) => {
        const words = "This model doesn't support tool use.";
        if (/"tools"/.test(text)) return { kind: 'refusal', status: 400, words };
        return { kind: 'text', text: 'Thought: look\nAction: Look\nAction Input: {"at": 3}' };
      });
      const reply = await it.asked.invoke(PROMPT);
      expect(reply.tool_calls).toMatchObject([{ name: 'Look', args: { at: 3 } }]);
      expect([...it.memory.known()]).toEqual(['no-tools']);
    });

    test('that takes no temperature is sent none after its first refusal', async () => {
      const words = '`temperature` is deprecated for this model.';
      const answer: Answer = ({ text }) =>
        text.includes('temperature') ? { kind: 'refusal', status: 400, words } : SAID;
      await using it = await connect(provider, answer, { temperature: 0.5 });
      expect((await it.asked.invoke(PROMPT)).text).toBe('I saw 7.');
      expect((await it.asked.invoke(PROMPT)).text).toBe('I saw 7.');
      expect(it.server.requests).toHaveLength(3);
      expect([...it.memory.known()]).toEqual(['no-temperature']);
    });
  });

  test.each([
    ['google', 'Developer instruction is not enabled for models/gemma-3-27b-it'],
    [
      'bedrock', // worded from memory, after Amazon’s refusals of other things
      "This model doesn't support system messages. Try again without system messages or use a model that supports system messages.",
    ],
  ])('%s: a model without a system role hears its text first', async (provider, words) => {
    const isSystem = (text: string) => /"(system|systemInstruction)":/.test(text);
    const answer: Answer = ({ text }) => (isSystem(text) ? { kind: 'refusal', status: 400, words } : SAID);
    await using it = await connect(provider, answer);
    expect((await it.asked.invoke(PROMPT)).text).toBe('I saw 7.');
    expect(it.server.requests[1]?.text).toMatch(
      /"role":"user","(parts|content)":\[\{"text":"Be brief\."\},\{"text":"The log/,
    );
  });
});
