import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { STRATEGIES } from '../../configs/schema.ts';
import { Workplace } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const hasShell = (name: string) => spawnSync(name, ['-c', 'exit 0']).status === 0;

/** A workplace whose PATH finds `agenthpo`. */
function aShell(name: string) {
  const place = new Workplace();
  const bin = join(place.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(MAIN, join(bin, 'agenthpo'));
  const { PATH = '' } = process.env;
  const environment = { PATH: `${bin}:${PATH}`, HOME: join(place.folder, 'home') };
  const run = (script: string) => {
    const { stdout, stderr } = spawnSync(name, ['-c', script], {
      cwd: place.folder,
      env: environment,
      encoding: 'utf8',
    });
    return { stderr, lines: stdout.split('\n').filter((line) => line !== '') };
  };
  return { place, run };
}

/** What bash would offer for these words, as its completion calls the function. */
function inBash(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  return `source <(agenthpo completion bash)
COMP_WORDS=(agenthpo ${quoted}); COMP_CWORD=${words.length}
_agenthpo agenthpo '' ''
printf '%s\\n' "\${COMPREPLY[@]}"`;
}

const TASK = `name: mine
hyperparameters: { width: {}, depth: {} }
profiles: { quick: {}, paper: {} }
`;

describe.skipIf(!hasShell('bash'))('completion in bash (skipped where there is none)', () => {
  test('registers itself for agenthpo, twice without complaint', () => {
    const script = 'source <(agenthpo completion bash)';
    const { lines, stderr } = aShell('bash').run(`${script}; ${script}; complete -p agenthpo`);
    expect(stderr).toBe('');
    expect(lines).toEqual(['complete -o bashdefault -o default -F _agenthpo agenthpo']);
  });

  test.each([
    { words: ['tu'], offers: ['tune'] },
    { words: ['--v'], offers: ['--version'] },
    { words: ['tune', '--strat'], offers: ['--strategy'] },
    { words: ['tune', '--strategy', ''], offers: [...STRATEGIES] },
    { words: ['tune', '--strategy', '=', 'g'], offers: ['gp', 'grid'] },
    { words: ['tune', '--executor', '='], offers: ['agent', 'direct'] },
    { words: ['tune', 'quad'], offers: ['quadratic'] },
    { words: ['tune', 'mi'], offers: ['mine'] },
    { words: ['tune', 'deep/er/'], offers: ['deep/er/mine'] },
    { words: ['tune', '--seed', '7', 'mine', '--profile', ''], offers: ['quick', 'paper'] },
    { words: ['check', 'mine', '--set', 'w'], offers: ['width='] },
    { words: ['tune', '--model', 'of'], offers: ['offline'] },
    { words: ['check', 'quadratic', 'dig'], offers: ['digits'] },
    { words: ['completion', 'f'], offers: ['fish'] },
    { words: ['show', 'quiet'], offers: ['quiet-heron'] },
    { words: ['stop', '2026'], offers: ['2026-11-21T09-30-12-quiet-heron'] },
    { words: ['resume', 'l'], offers: ['latest'] },
    { words: ['tune', '--config', 'x'], offers: [] },
    { words: ['nonsense', ''], offers: [] },
  ])('offers $offers for: agenthpo $words', ({ words, offers }) => {
    const { place, run } = aShell('bash');
    const study = join(place.folder, 'logs/mine/2026-11-21T09-30-12-quiet-heron');
    for (const folder of ['mine', 'deep/er/mine'].map((path) => join(place.folder, path))) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'task.yaml'), TASK);
    }
    mkdirSync(study, { recursive: true });
    writeFileSync(join(study, 'experiment-log.jsonl'), '');
    expect(run(inBash(words)).lines).toEqual(offers);
  });

  test('never evaluates what is on the command line', () => {
    const { place, run } = aShell('bash');
    run(inBash(['tune', '$(touch pwned)', '`touch pwned`', ';touch pwned;', '']));
    expect(existsSync(join(place.folder, 'pwned'))).toBe(false);
  });

  test('offers the name of a folder quoted: the completed line runs nothing, and says exactly that folder', () => {
    const { place, run } = aShell('bash');
    for (const name of ['ev$(touch pwned)il', 'ev`touch pwned`', "ev;touch pwned;'", 'ev two words']) {
      mkdirSync(join(place.folder, name));
      writeFileSync(join(place.folder, name, 'task.yaml'), TASK);
    }
    const { lines } = run(`${inBash(['check', 'ev'])}
for each in "\${COMPREPLY[@]}"; do eval "printf '<%s>\\n' $each"; done`);
    expect(lines.filter((line) => line.startsWith('<')).sort()).toEqual([
      '<ev two words>',
      '<ev$(touch pwned)il>',
      "<ev;touch pwned;'>",
      '<ev`touch pwned`>',
    ]);
    expect(existsSync(join(place.folder, 'pwned'))).toBe(false);
  });

  test('offers no folder whose name would act on the terminal', () => {
    const { place, run } = aShell('bash');
    const hostile = join(place.folder, 'tasks/evil\u001b[2J');
    mkdirSync(hostile, { recursive: true });
    writeFileSync(join(hostile, 'task.yaml'), TASK);
    cpSync(hostile, join(place.folder, 'tasks/evident'), { recursive: true });
    expect(run(inBash(['tune', 'tasks/evi'])).lines).toEqual(['tasks/evident']);
  });
});

describe.skipIf(!hasShell('fish'))('completion in fish (skipped where there is none)', () => {
  test('offers values with what they mean', () => {
    const { run } = aShell('fish');
    expect(run('agenthpo completion fish | source; complete -C "agenthpo tune quad"').lines).toEqual([
      'quadratic\tbundled task',
    ]);
  });
});

describe.skipIf(!hasShell('zsh'))('completion in zsh (skipped where there is none)', () => {
  test('registers itself for agenthpo', () => {
    const script = 'autoload -U compinit; compinit -u -D; source <(agenthpo completion zsh); print $_comps[agenthpo]';
    const { lines, stderr } = aShell('zsh').run(script);
    expect(stderr).toBe('');
    expect(lines).toEqual(['_agenthpo']);
  });

  test('is handed each value with what it means, colons escaped', async () => {
    const { stdout } = await new Workplace().run(['completion', 'zsh', '--', 'tune', '--model', 'o']);
    expect(stdout.split('\n')[1]).toBe('openai\\::a model of OpenAI, or of --base-url');
  });

  test('is handed a folder’s own backslashes escaped, which it would take off', async () => {
    const place = new Workplace();
    mkdirSync(join(place.folder, 'ev\\$il'));
    writeFileSync(join(place.folder, 'ev\\$il', 'task.yaml'), TASK);
    const { stdout } = await place.run(['completion', 'zsh', '--', 'check', 'ev']);
    expect(stdout).toBe('ev\\\\$il:task folder\n');
  });
});

test('an unknown shell is refused with those there are', async () => {
  const { code, stderr } = await new Workplace().run(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
