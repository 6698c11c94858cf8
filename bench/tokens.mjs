/**
 * What a study takes in tokens and requests, by a server's own count, with a model that makes no mistake (DESIGN 5):
 * tasks/digits through the command line, beside what the paper reports.
 *
 *     npm run bench:tokens                  10 trials with either executor, 100 with direct
 *     npm run bench:tokens -- --short       without the 100
 *     npm run bench:tokens -- --json        as JSON
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCountingServer } from './support/counting-server.mjs';
import { copyDigits } from './support/digits-task.mjs';
import { COMMAND, inScratchFolder } from './support/workplace.mjs';

const GOALS = {
  direct: { tokens: 30_000, requests: 2 },
  agent: { tokens: 60_000, requests: 7 },
  shared: 0.7,
  growth: 1.5,
};

/** 10 trials in the paper (AgentHPO, with GPT-3.5 and GPT-4). */
const PAPER = '115.4k and 281.3k tokens';

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, short: { type: 'boolean' } } });

const studies = await inScratchFolder(async (folder) => {
  const plans = [
    { executor: 'direct', trials: 10 },
    { executor: 'direct', trials: 10, strategy: 'hybrid' },
    { executor: 'agent', trials: 10, callsTogether: true },
    { executor: 'agent', trials: 10, callsTogether: false },
    ...(options.short ? [] : [{ executor: 'direct', trials: 100 }]),
  ];
  const measured = [];
  for (const plan of plans) measured.push({ ...plan, ...(await measure(folder, plan)) });
  return measured;
});

if (options.json) console.log(JSON.stringify(studies, null, 2));
else for (const study of studies) print(study);

async function measure(folder, { executor, trials, callsTogether = false, strategy = 'creator' }) {
  const server = await startCountingServer({ callsTogether });
  try {
    const place = join(folder, `${strategy}-${executor}-${trials}-${callsTogether}`);
    mkdirSync(place);
    const outcome = await tune(place, [
      '--strategy',
      strategy,
      '--executor',
      executor,
      '--trials',
      trials,
      '--base-url',
      server.baseUrl,
    ]);
    if (outcome.trials.complete !== trials) throw new Error(`a trial failed: ${JSON.stringify(outcome.trials)}`);
    return { ...summarize(server.requests, trials), reported: outcome.usage };
  } finally {
    await server.close();
  }
}

async function tune(place, words) {
  const task = copyDigits(place);
  const model = ['--model', 'openai:well-behaved', '--python', 'python3'];
  const child = spawn(
    process.execPath,
    [COMMAND, 'tune', task, ...model, ...words.map(String), '--yes', '--json', '--seed', '1'],
    {
      cwd: place,
      env: { PATH: process.env.PATH, HOME: place, XDG_STATE_HOME: place },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (part) => (said[stream] += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`agenthpo ended with ${code}:\n${said.stderr}${said.stdout}`);
  return JSON.parse(said.stdout);
}

function summarize(requests, trials) {
  const creator = requests.filter(({ role }) => role === 'creator');
  const ofProposal = (number) => total(creator.filter(({ proposal }) => proposal === number));
  const prompts = sum(creator, ({ promptTokens }) => promptTokens);
  return {
    requests: requests.length,
    tokens: total(requests),
    tokensByRole: Object.fromEntries(
      ['creator', 'executor', 'report'].map((role) => [role, total(requests.filter((each) => each.role === role))]),
    ),
    // The report's requests belong to no trial.
    requestsPerTrial: requests.filter(({ role }) => role !== 'report').length / trials,
    sharedShare: sum(creator, ({ sharedTokens }) => sharedTokens) / prompts,
    // The first trial is the default, so the 9th proposal is trial 10.
    proposalTokens: Object.fromEntries([2, 10, trials].map((trial) => [trial, ofProposal(trial - 1)])),
    growth: ofProposal(trials - 1) / ofProposal(9),
  };
}

function total(requests) {
  return sum(requests, ({ promptTokens, completionTokens }) => promptTokens + completionTokens);
}

function sum(list, numberOf) {
  return list.reduce((result, each) => result + numberOf(each), 0);
}

function print({
  executor,
  trials,
  callsTogether,
  strategy = 'creator',
  requests,
  tokens,
  tokensByRole,
  requestsPerTrial,
  sharedShare,
  proposalTokens,
  growth,
}) {
  // The plan sets no goal for a study with an optimiser beside its Creator.
  const goal = strategy === 'hybrid' ? undefined : GOALS[executor];
  const isShort = trials === 10;
  const turns = callsTogether === undefined ? '' : callsTogether ? ', two tool calls a turn' : ', one tool call a turn';
  console.log(`\n${trials} trials of digits, ${strategy}, executor ${executor}${turns}: ${requests} requests`);
  line(
    'tokens',
    thousands(tokens),
    isShort && goal && { text: `<= ${thousands(goal.tokens)}`, met: tokens <= goal.tokens },
  );
  line(
    '  by role',
    Object.entries(tokensByRole)
      .map(([role, count]) => `${role} ${thousands(count)}`)
      .join(', '),
  );
  if (isShort) line('  the paper', PAPER);
  line('tokens a trial', thousands(tokens / trials));
  const fewEnough = goal && { text: `<= ${goal.requests}`, met: requestsPerTrial <= goal.requests };
  line('requests a trial', requestsPerTrial.toFixed(1), fewEnough);
  line(
    'Creator tokens in a shared beginning',
    `${(100 * sharedShare).toFixed(1)} %`,
    goal && {
      text: `>= ${100 * GOALS.shared} %`,
      met: sharedShare >= GOALS.shared,
    },
  );
  line(
    'tokens of a proposal',
    Object.entries(proposalTokens)
      .map(([trial, count]) => `trial ${trial}: ${count}`)
      .join(', '),
  );
  if (!isShort)
    line(`proposal ${trials} / proposal 10`, growth.toFixed(2), {
      text: `<= ${GOALS.growth}`,
      met: growth <= GOALS.growth,
    });
}

function line(what, result, goal) {
  console.log(`  ${what.padEnd(38)} ${result}${goal ? `   goal ${goal.text}: ${goal.met ? 'met' : 'MISSED'}` : ''}`);
}

function thousands(count) {
  return `${(count / 1000).toFixed(1)}k`;
}
