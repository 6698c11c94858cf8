import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const BENCH = fileURLToPath(new URL('../../bench/tokens.mjs', import.meta.url));

const usage = z.object({ requests: z.number(), promptTokens: z.number(), cachedTokens: z.number() });

const study = z.object({
  executor: z.string(),
  callsTogether: z.boolean().optional(),
  strategy: z.string().default('creator'),
  requests: z.number(),
  tokens: z.number(),
  requestsPerTrial: z.number(),
  sharedShare: z.number(),
  reported: usage.extend({ completionTokens: z.number(), roles: z.record(z.string(), usage) }),
});

type Study = z.infer<typeof study>;
let direct: Study;
let agent: Study;
let oneCallATurn: Study;
let hybrid: Study | undefined;

// Four studies of ten trials, their trainings included.
beforeAll(() => {
  const output = execFileSync(process.execPath, [BENCH, '--short', '--json'], { encoding: 'utf8', stdio: 'pipe' });
  const studies = z.array(study).parse(JSON.parse(output));
  const find = (executor: string, callsTogether = true) =>
    studies.find((each) => each.executor === executor && (each.callsTogether ?? true) === callsTogether) ??
    expect.fail(executor);
  [direct, agent, oneCallATurn] = [find('direct'), find('agent'), find('agent', false)];
  hybrid = studies.find(({ strategy }) => strategy === 'hybrid');
}, 240_000);

describe('ten trials of digits with a model that makes no mistake, by the server’s own count', () => {
  test('take at most 30,000 tokens and 2 requests a trial with the direct executor', () => {
    expect(direct.tokens).toBeLessThanOrEqual(30_000);
    expect(direct.requestsPerTrial).toBeLessThanOrEqual(2);
  });

  test('take at most 60,000 tokens and 7 requests a trial with the agentic Executor, also with one call a turn', () => {
    for (const { tokens, requestsPerTrial } of [agent, oneCallATurn]) {
      expect(tokens).toBeLessThanOrEqual(60_000);
      expect(requestsPerTrial).toBeLessThanOrEqual(7);
    }
    expect(oneCallATurn.requestsPerTrial).toBeGreaterThan(agent.requestsPerTrial);
  });

  test('have at least 70 % of the Creator’s prompt tokens in a beginning that an earlier request had', () => {
    expect(direct.sharedShare).toBeGreaterThanOrEqual(0.7);
  });

  test('take at most 15 % more tokens, and no request more, with an optimiser beside the Creator', () => {
    expect(hybrid?.tokens).toBeLessThanOrEqual(1.15 * direct.tokens);
    expect(hybrid?.requests).toBe(direct.requests);
    expect(hybrid?.sharedShare).toBeGreaterThanOrEqual(0.7);
  });

  test('are counted the same by the study: every request and token, cached ones apart, by role', () => {
    const { roles, ...all } = direct.reported;
    expect(all.requests).toBe(direct.requests);
    expect(all.promptTokens + all.completionTokens).toBe(direct.tokens);
    expect(all.cachedTokens).toBeGreaterThan(0);
    expect(Object.values(roles).reduce((sum, { promptTokens }) => sum + promptTokens, 0)).toBe(all.promptTokens);
    expect(Object.keys(roles)).toEqual(['creator', 'executor', 'report']);
  });
});
