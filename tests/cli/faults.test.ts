import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { QUICK, Workplace } from './run-cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});

async function tune(script: string, ...args: string[]) {
  const run = await workplace.run(['tune', workplace.task(script), ...QUICK, '--json', '--trials', '3', ...args]);
  return { ...run, outcome: JSON.parse(run.stdout) };
}

function firstFailure(): { cause: string; message: string; tail: string } {
  const study = join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');
  const lines = readFileSync(join(study, 'experiment-log.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'trial-finished').failure;
}

function alive(mark: string): string {
  return execFileSync('sh', ['-c', `grep -lsa "${mark}" /proc/[0-9]*/environ || true`], { encoding: 'utf8' });
}

test('a script that crashes with its defaults: exit 4, the traceback on screen and in the log', async () => {
  const { code, outcome, stderr } = await tune('raise ValueError("no such thing")');
  expect(code).toBe(4);
  expect(outcome).toMatchObject({
    status: 'failed',
    stopReason: 'first-trial-failed',
    best: null,
    trials: { total: 1, failed: 1 },
  });
  expect(firstFailure()).toMatchObject({
    cause: 'crash',
    message: expect.stringContaining('ValueError: no such thing'),
  });
  expect(stderr).toContain('ValueError: no such thing');
});

test('a missing package, and missing data, are told apart from a crash', async () => {
  await tune('import surely_not_installed');
  expect(firstFailure().cause).toBe('import');
  workplace = new Workplace();
  await tune('open("surely_not_there.csv")');
  expect(firstFailure().cause).toBe('data');
});

test('exit 0 without a metric is a failure that names what was found', async () => {
  const { code } = await tune('print("METRIC lose=0.5")');
  expect(code).toBe(4);
  expect(firstFailure()).toMatchObject({ cause: 'no-metric', message: expect.stringMatching(/loss.*lose/) });
});

test('exit 1 after a metric is a failure', async () => {
  const { outcome } = await tune('print("METRIC loss=0.5"); raise SystemExit(1)');
  expect(outcome).toMatchObject({ status: 'failed', best: null });
});

test('NaN is a failed trial to learn from, never a value', async () => {
  const { outcome } = await tune('import sys\nprint("METRIC loss=" + ("nan" if float(sys.argv[1]) == 0.5 else "1.5"))');
  expect(outcome).toMatchObject({
    status: 'complete',
    trials: { total: 3, complete: 2, failed: 1 },
    best: { value: 1.5 },
  });
  expect(firstFailure().cause).toBe('diverged');
});

test('the same failure twice running ends the study as partial', async () => {
  const { code, outcome } = await tune(
    'import sys\nif float(sys.argv[1]) != 0.5: raise KeyError("b")\nprint("METRIC loss=1")',
    '--trials',
    '8',
  );
  expect(code).toBe(3);
  expect(outcome).toMatchObject({
    status: 'partial',
    stopReason: 'repeated-failure',
    trials: { total: 3, complete: 1, failed: 2 },
  });
});

test('a script that never ends and ignores SIGTERM is timed out; so are its children, wherever they fled', async () => {
  const script = `import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if float(sys.argv[1]) == 0.5:
    print("METRIC loss=1"); sys.exit()
subprocess.Popen(["sleep", "1000"])
subprocess.Popen(["sleep", "1000"], start_new_session=True)
time.sleep(1000)
`;
  const { outcome } = await tune(script, '--timeout', '1s', '--trials', '2');
  expect(outcome).toMatchObject({ status: 'complete', trials: { complete: 1, timedOut: 1 } });
  expect(alive(`AGENTHPO_ATTEMPT=${readdirSync(join(workplace.folder, 'logs/mine'))[0]}`)).toBe('');
});

test('100 MB of output neither fill the disk nor hold the study up', async () => {
  const script = 'import sys\nfor _ in range(1600): sys.stdout.write("x" * 65535 + "\\n")\nprint("METRIC loss=1")';
  writeFileSync(join(workplace.folder, 'agenthpo.yaml'), 'output_limit: 1000000\n');
  const { outcome } = await tune(script, '--trials', '1');
  expect(outcome.trials).toMatchObject({ total: 1, complete: 0, failed: 1 }); // the metric came after the limit: not seen
  expect(firstFailure().cause).toBe('no-metric');
  const study = join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');
  expect(statSync(join(study, 'trials/0001/stdout.log')).size).toBeLessThan(1_100_000);
});

test('a provider’s key never reaches the training, even when the task asks for it, nor any file of the study', async () => {
  const script = 'import json, os\nprint(json.dumps(sorted(os.environ.items())))\nprint("METRIC loss=1")';
  const task = workplace.task(script, (yaml) => `${yaml}environment: { pass: [OPENAI_API_KEY, MY_SETTING] }\n`);
  const environment = {
    OPENAI_API_KEY: 'sk-very-secret-value-123',
    MY_SETTING: 'passed-on',
    OTHER_TOKEN: 'other-secret-value-456',
  };
  await workplace.run(['tune', task, ...QUICK, '--trials', '1'], environment);
  const everything = execFileSync(
    'grep',
    ['-rla', '-e', 'very-secret', '-e', 'other-secret', '-e', 'passed-on', join(workplace.folder, 'logs')],
    { encoding: 'utf8' },
  );
  expect(everything.trim().split('\n')).toEqual([expect.stringMatching(/stdout\.log$/)]); // MY_SETTING, in the script's own output
  expect(readFileSync(everything.trim(), 'utf8')).not.toMatch(/very-secret|other-secret/);
});

test.each([
  [['tune', 'nothing-like-it'], 2, /\[task-not-found\] "nothing-like-it" is neither a folder nor a bundled task/],
  [['tune', 'quadratci'], 2, /did you mean "quadratic"\?/],
  [['tune', 'quadratic', '--trils', '3'], 2, /\[usage\] unknown option '--trils'/],
  [
    ['tune', 'quadratic', '--strategy', 'magic'],
    2,
    /\[usage\].*Allowed choices are creator, hybrid, llm-then-gp, tpe, gp, quasi-random, random, grid/,
  ],
  [
    ['tune', 'quadratic', '--trials', 'ten'],
    2,
    /\[settings-invalid\] --trials: got "ten"; must be a whole number ≥ 1\n→ Write for example: --trials 20\n/,
  ],
  [['tune', 'quadratic', '--trials', '0'], 2, /--trials: got 0; must be a whole number ≥ 1\n/],
  [['tune', 'quadratic', '--trials', '2.5'], 2, /--trials: got 2\.5; must be a whole number ≥ 1\n/],
  [
    ['tune', 'quadratic', '--max-tokens', 'lots'],
    2,
    /--max-tokens: got "lots"; must be a whole number ≥ 1\n→ Write for example: --max-tokens 100000\n/,
  ],
  [
    ['tune', 'quadratic', '--max-time', 'soon'],
    2,
    /--max-time: got "soon"; must be a duration such as 90s, 5m, 2h.*\n→ Write for example: --max-time 2h\n/,
  ],
  [['tune', 'quadratic', '--timeout', '5 m'], 2, /--timeout: got "5 m"; .*\n→ Write for example: --timeout 5m\n/],
  [['tune', 'quadratic', '--set', 'w=3'], 2, /--set w: neither a hyperparameter nor/],
  [['tune', 'quadratic', '--model', 'openai:gpt-5'], 2, /\[model-unusable\] No OpenAI API key was found/],
  [['tune', 'quadratic', '--model', 'gpt-5'], 2, /\[model-unusable\] --model "gpt-5" names no provider/],
  [
    ['tune', 'quadratic', '--model', 'openai:x', '--base-url', 'http://example.com/v1'],
    2,
    /\[model-unusable\] The base URL .* would send prompts and the key unencrypted/,
  ],
  [['tune', 'quadratic', '--python', '/no/such/python'], 2, /\[python-missing\].*\/no\/such\/python/],
  [['resume', 'latest'], 2, /\[study-not-found\]/],
  [['show', 'heron'], 2, /\[study-not-found\] No study "heron"/],
  [['frobnicate'], 2, /\[usage\] unknown command 'frobnicate'/],
])('agenthpo %j: exit %i and one line that says why', async (args, code, message) => {
  const run = await workplace.run(args);
  expect(run.stderr).toMatch(message);
  expect(run.code).toBe(code);
  expect(run.stderr).toMatch(/\n→ /);
  expect(run.stderr).not.toMatch(/^\s+at /m);
});

test('with --json an error is an object on stdout', async () => {
  const { code, stdout } = await workplace.run(['tune', 'nothing-like-it', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'task-not-found', message: expect.any(String), hint: expect.any(String) },
  });
});

test('help, version and every command’s help answer 0', async () => {
  for (const args of [
    ['--help'],
    ['--version'],
    ...['tune', 'resume', 'report', 'list', 'show', 'stop', 'check', 'evaluate'].map((name) => [name, '--help']),
  ]) {
    const { code, stdout } = await workplace.run(args);
    expect([args, code, stdout.length > 5]).toEqual([args, 0, true]);
  }
});
