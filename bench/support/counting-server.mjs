import { createServer } from 'node:http';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';
import { answerWell } from './well-behaved-model.mjs';

/** What the protocol puts around a message and a tool call. */
const AROUND_A_MESSAGE = 4;

/** Providers cache the beginning of a prompt from here on, in such steps. */
const SMALLEST_CACHED = 1024;
const CACHE_STEP = 128;

/**
 * An OpenAI-compatible server on loopback behind which a well-behaved model sits. It counts by itself, with the tokenizer
 * of current OpenAI models: `requests` holds for each its role, which proposal it belongs to, its prompt and completion
 * tokens, and how many of the prompt's lie in the longest beginning that an earlier request of the same role had.
 */
export async function startCountingServer({ callsTogether }) {
  const tokenizer = new Tiktoken(ranks);
  const count = (text) => tokenizer.encode(text, [], []).length;
  const requests = [];
  const seen = { creator: [], executor: [], report: [] };
  let proposal = 0;

  function answer(body) {
    const role = roleOf(body);
    if (role === 'creator' && !body.messages.some((message) => message.role === 'assistant')) proposal += 1;
    const text = written(body);
    const shared = count(longestShared(text, seen[role]));
    seen[role].push(text);
    const reply = answerWell(body, { proposal, callsTogether });
    const promptTokens = count(text) + AROUND_A_MESSAGE * body.messages.length;
    const completionTokens = count(reply.text) + reply.calls.reduce((sum, call) => sum + count(callText(call)), 0);
    requests.push({ role, proposal, promptTokens, completionTokens, sharedTokens: shared });
    return completion(reply, { promptTokens, completionTokens, cachedTokens: cachedOf(shared) }, requests.length);
  }

  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') return void response.writeHead(404).end(); // the list of models, which is no request
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(body)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function roleOf({ tools = [] }) {
  const names = tools.map((tool) => tool.function.name);
  if (names.includes('ProposeTrial')) return 'creator';
  return names.includes('ConcludeStudy') ? 'report' : 'executor';
}

/** A request as a model reads it: tools first, then the messages. */
function written({ tools = [], messages }) {
  const lines = messages.map(({ role, content, tool_calls: calls = [] }) => {
    const made = calls.map((call) => callText({ name: call.function.name, args: call.function.arguments }));
    return `${role}\n${content ?? ''}\n${made.join('\n')}`;
  });
  return [...tools.map((tool) => JSON.stringify(tool.function)), ...lines].join('\n');
}

function callText({ name, args }) {
  return `${name} ${typeof args === 'string' ? args : JSON.stringify(args)}`;
}

function longestShared(text, earlier) {
  const length = Math.max(0, ...earlier.map((other) => sharedLength(text, other)));
  return text.slice(0, length);
}

function sharedLength(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function cachedOf(tokens) {
  return tokens < SMALLEST_CACHED ? 0 : tokens - (tokens % CACHE_STEP);
}

function completion({ text, calls }, { promptTokens, completionTokens, cachedTokens }, index) {
  const made = calls.map(({ name, args }, position) => ({
    id: `call_${index}_${position}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }));
  const message = { role: 'assistant', content: text, ...(made.length > 0 && { tool_calls: made }) };
  return {
    id: `completion-${index}`,
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'well-behaved',
    choices: [{ index: 0, finish_reason: made.length > 0 ? 'tool_calls' : 'stop', message }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens },
    },
  };
}
