import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PROVIDERS } from '../agents/models/providers.ts';
import { Workplace } from './cli/run-cli.ts';
import { aFolder } from './study/maker.ts';

/*
 * What only the package registry can say: that the providers’ packages install beside the packed command line and work
 * there. It takes a minute and the network, so that it runs where AGENTHPO_TEST_REGISTRY is set (.ci/run does).
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const { AGENTHPO_TEST_REGISTRY: isAsked } = process.env;
const SCRIPT = 'import sys\nx = float(sys.argv[1])\nprint(f"METRIC loss={(x - 0.3) ** 2}")\n';
const SLOW = 300_000;

const request = z.object({
  model: z.string(),
  tools: z.array(z.object({ name: z.string() })).default([]),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
});

/** The least of Anthropic’s messages API: a model that calls the tool it is meant to, and then says that it is done. */
async function startAnthropic() {
  const requests: z.infer<typeof request>[] = [];
  const keys: unknown[] = [];
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((text) => {
      const asked = request.parse(JSON.parse(text));
      requests.push(asked);
      keys.push(incoming.headers['x-api-key']);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply(asked)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server’s address, once it listens
  return { url: `http://127.0.0.1:${port}`, requests, keys, [Symbol.dispose]: () => void server.close() };
}

function reply({ tools, messages }: z.infer<typeof request>) {
  const names = tools.map(({ name }) => name);
  const input = { best: 'x = 0.5.', influence: { x: 'One trial says nothing.' }, future: 'More trials.' };
  const calls: Record<string, unknown> = { Ready: {}, ConcludeStudy: input, ExecutePythonFile: {} };
  const name = Object.keys(calls).find((each) => names.includes(each));
  const isTold = JSON.stringify(messages).includes('tool_result');
  const content =
    name === undefined || isTold
      ? [{ type: 'text', text: 'It ran as it should.' }]
      : [{ type: 'tool_use', id: 'toolu_1', name, input: calls[name] }];
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content,
    stop_reason: 'end_turn',
    usage: { input_tokens: 100, output_tokens: 10 },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Runs a program and answers what it wrote, whether it succeeded or not. */
async function outcomeOf(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  try {
    return { code: 0, ...(await run(program, args, { cwd, env })) };
  } catch (error) {
    return z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse({ ...Object(error) });
  }
}

describe.skipIf(!isAsked)('with the package registry (AGENTHPO_TEST_REGISTRY is set)', () => {
  test(
    'the packed command line, installed globally, names the command that installs a provider; it works thereafter',
    async () => {
      using anthropic = await startAnthropic();
      const prefix = aFolder();
      const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', prefix], {
        cwd: ROOT,
      });
      const quiet = ['--silent', '--no-audit', '--no-fund'];
      await run('npm', ['install', ...quiet, '--global', '--prefix', prefix, join(prefix, stdout.trim())]);

      const workplace = new Workplace();
      const task = workplace.task(SCRIPT);
      const env = {
        PATH: process.env['PATH'],
        HOME: join(workplace.folder, 'home'),
        CI: 'true',
        ANTHROPIC_API_KEY: 'sk-of-the-user-1234',
        ANTHROPIC_BASE_URL: anthropic.url,
      };
      const program = join(prefix, 'bin/agenthpo');
      const agenthpo = (...args: string[]) => outcomeOf(program, args, workplace.folder, env);
      const flags = ['--model', 'anthropic:claude-test', '--trials', '1', '--yes'];
      const tune = (...more: string[]) => agenthpo('tune', task, ...flags, ...more);

      const missing = await tune();
      expect(missing.code).toBe(2);
      const [, command = ''] = /Run: (npm install .*)/.exec(missing.stderr) ?? [];
      expect(command).toContain(`--global --prefix ${prefix} "@langchain/anthropic@`);

      await run('bash', ['-c', `${command} ${quiet.join(' ')}`], { cwd: workplace.folder });
      const doctor = await agenthpo('doctor', '--model', 'anthropic:claude-test');
      expect(doctor.stdout + doctor.stderr).toMatch(/anthropic:claude-test .* answers .* and calls tools/s);

      const tuned = await tune('--json');
      expect(tuned.code, tuned.stderr).toBe(0);
      expect(JSON.parse(tuned.stdout)).toMatchObject({ status: 'complete', trials: { total: 1, complete: 1 } });
      expect(new Set(anthropic.keys)).toEqual(new Set(['sk-of-the-user-1234']));
      const [study = ''] = readdirSync(join(workplace.folder, 'logs/mine'));
      const log = readFileSync(join(workplace.folder, 'logs/mine', study, 'experiment-log.jsonl'), 'utf8');
      expect(log).toContain('"summary":"It ran as it should."');
      expect(log).toContain('"promptTokens":100');
    },
    SLOW,
  );

  const packages = PROVIDERS.flatMap((each) => each.package ?? []);
  test.each(packages)(
    'every version of $name in $range takes the @langchain/core that is pinned here',
    async ({ name, range }) => {
      const { stdout } = await run('npm', ['view', `${name}@${range}`, 'peerDependencies', '--json']);
      const read: unknown = JSON.parse(stdout);
      const peers = z.array(z.record(z.string(), z.string())).parse(Array.isArray(read) ? read.flat() : [read]);
      expect(peers.length).toBeGreaterThan(0);
      for (const peer of peers)
        expect(admits(peer['@langchain/core'] ?? '', pinnedCore()), JSON.stringify(peer)).toBe(true);
    },
    SLOW,
  );
});

function pinnedCore(): string {
  const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
  const { dependencies } = manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  return dependencies['@langchain/core'] ?? '';
}

/** Whether a caret range, the only kind that these packages use, takes a version. */
function admits(range: string, version: string): boolean {
  const numbers = (text: string) => text.split('.').map(Number);
  const [least, given] = [numbers(range.replace(/^\^/, '')), numbers(version)];
  const isAtLeast = (least[1] ?? 0) < (given[1] ?? 0) || (least[1] === given[1] && (least[2] ?? 0) <= (given[2] ?? 0));
  return range.startsWith('^') && least[0] === given[0] && isAtLeast;
}
