import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const BENCH = fileURLToPath(new URL('../../bench/', import.meta.url));

const parameter = z.object({
  type: z.enum(['float', 'int']),
  range: z.tuple([z.number(), z.number()]),
  scale: z.enum(['linear', 'log']).default('linear'),
  default: z.number(),
});
const problem = z.strictObject({
  split: z.enum(['dev', 'test']),
  space: z.record(z.string(), parameter),
  noise: z.number().default(0),
  counted: z.boolean().default(true),
});
const { problems } = z
  .object({ problems: z.record(z.string(), problem) })
  .parse(parse(readFileSync(`${BENCH}problems.yaml`, 'utf8')));
const calibration = z
  .record(z.string(), z.object({ best: z.number(), typical: z.number() }))
  .parse(JSON.parse(readFileSync(`${BENCH}calibration.json`, 'utf8')));
const entries = Object.entries(problems);

function counted(split: 'dev' | 'test') {
  return entries.filter(([, each]) => each.split === split && each.counted).map(([name]) => name);
}

describe('the problems that optimisers are compared on', () => {
  test('are at least ten of four families for the test, and eight for development', () => {
    const families = new Set(counted('test').map((name) => name.slice(0, name.indexOf('/'))));
    expect(counted('test').length).toBeGreaterThanOrEqual(10);
    expect(families.size).toBeGreaterThanOrEqual(4);
    expect(counted('dev').length).toBeGreaterThanOrEqual(8);
  });

  test('share no function, data set or instance between the two', () => {
    const sources = (split: 'dev' | 'test') =>
      new Set(entries.filter(([, each]) => each.split === split).map(([name]) => source(name)));
    expect([...sources('dev')].filter((each) => sources('test').has(each))).toEqual([]);
  });

  test.each(entries)(
    '%s: its default lies in its ranges, and off their middle where its optimum is drawn',
    (name, each) => {
      for (const spec of Object.values(each.space)) {
        const [low, high] = spec.range;
        expect(spec.default).toBeGreaterThanOrEqual(low);
        expect(spec.default).toBeLessThanOrEqual(high);
        if (name.startsWith('functions/'))
          expect(Math.abs((spec.default - low) / (high - low) - 0.5)).toBeGreaterThan(0.02);
      }
    },
  );

  test('have something to gain between the best known loss and a middling configuration’s', () => {
    expect(Object.keys(calibration)).toEqual(Object.keys(problems));
    for (const [name, { best, typical }] of Object.entries(calibration)) expect(typical, name).toBeGreaterThan(best);
  });

  test('have their tables where they are computed once', () => {
    const tables = entries.flatMap(([name]) => (name.startsWith('hpobench/') ? [name.slice('hpobench/'.length)] : []));
    expect(tables.filter((table) => !existsSync(`${BENCH}tables/${table}.json.gz`))).toEqual([]);
  });
});

/** `hpobench/svm-car` → `car`: what a problem must not share with one of the other split. */
function source(name: string): string {
  const [family = '', instance = ''] = name.split('/');
  const plain = instance.replace(/-(noisy|unshifted)$/, '');
  return family === 'hpobench' ? plain.slice(plain.indexOf('-') + 1) : plain;
}
