import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../workplace.mjs';

const SPLITS = ['dev', 'test'];

/** The problems of one split, as bench/problems.yaml lists them: `{name, family, split, space, noise, isCounted}`. */
export function problemsOf(split) {
  if (!SPLITS.includes(split)) throw new Error(`--split is ${SPLITS.join(' or ')}, got ${split}`);
  return allProblems().filter((problem) => problem.split === split);
}

/** Every problem of bench/problems.yaml, in its order. */
export function allProblems() {
  const { problems } = parse(readFileSync(join(ROOT, 'bench/problems.yaml'), 'utf8'));
  return Object.entries(problems).map(([name, { split, space, noise = 0, counted = true }]) => ({
    name,
    family: name.slice(0, name.indexOf('/')),
    split,
    space,
    noise,
    isCounted: counted,
  }));
}
