import { describe, expect, test } from 'vitest';
import { findPrice, listedPrices } from '../../configs/prices.ts';
import { costOfCall } from '../../study/price.ts';

const OPENAI = 'https://api.openai.com/v1';
const MINI = { kind: 'priced', rates: { input: 0.25, cachedInput: 0.025, output: 2 } };
const price = (name: string, endpoint: string | null = null) => findPrice({ name, endpoint }, {});

describe('the price of a model', () => {
  test.each([
    ['openai:gpt-5-mini', null],
    ['openai:gpt-5-mini', OPENAI],
    ['openai:gpt-5-mini-2025-08-07', OPENAI],
  ])('%s at %s is listed', (name, endpoint) => expect(price(name, endpoint)).toEqual(MINI));

  test.each([
    ['another model whose name begins alike', 'openai:gpt-5-mini-turbo', OPENAI],
    ['the same name behind somebody else’s server', 'openai:gpt-5-mini', 'https://proxy.example/v1'],
    ['a server whose name only looks alike', 'openai:gpt-5-mini', 'https://api.openai.com.example/v1'],
    ['a model nobody listed', 'openai:gpt-99', OPENAI],
    ['a variant of OpenRouter', 'openrouter:openai/gpt-5-mini:online', null],
  ])('%s is unknown', (_, name, endpoint) => expect(price(name, endpoint)).toEqual({ kind: 'unknown' }));

  test.each([
    ['offline', null],
    ['ollama:qwen3', 'http://localhost:11434/v1'],
    ['vllm:some/model', 'https://gpu.example/v1'],
    ['openai:gpt-5-mini', 'http://127.0.0.1:8000/v1'],
    ['openai:x', 'http://[::1]:8000/v1'],
  ])('%s at %s is free', (name, endpoint) => expect(price(name, endpoint)).toMatchObject({ kind: 'free' }));

  test('is the user’s own before any other', () => {
    const own = { 'openai:x': { input: 1, output: 2 } };
    const rates = { kind: 'priced', rates: { input: 1, output: 2 } };
    expect(findPrice({ name: 'openai:x', endpoint: 'http://127.0.0.1:1/v1' }, own)).toEqual(rates);
    expect(findPrice({ name: 'openai:x-20260101', endpoint: null }, own)).toEqual(rates);
  });

  test('names its day and its page for each listed model', () => {
    expect(Object.keys(listedPrices()).length).toBeGreaterThan(5);
  });
});

test('a call costs its fresh, cached and written tokens; unknown is never 0', () => {
  const listed = price('openai:gpt-5-mini');
  const counted = { promptTokens: 1_000_000, cachedTokens: 600_000, completionTokens: 100_000 };
  expect(costOfCall(listed, counted)).toBeCloseTo(0.1 + 0.015 + 0.2, 12);
  expect(costOfCall(listed, { ...counted, completionTokens: null })).toBeNull();
  expect(costOfCall({ kind: 'unknown' }, counted)).toBeNull();
  expect(costOfCall({ kind: 'free', why: '' }, { promptTokens: null, completionTokens: null })).toBe(0);
});
