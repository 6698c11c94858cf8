import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { beforeAll, describe, expect, test } from 'vitest';
import { startFakeOpenAi } from '../fixtures/fake-openai.ts';
import { NASTY } from '../fixtures/nasty-strings.ts';
import { Workplace } from './run-cli.ts';

const all = Object.values(NASTY).join(' ');
/** What is short enough for a model’s own fields. */
const said = all.slice(0, 1_200);
/** Without what YAML itself refuses to hold. */
const quoted = JSON.stringify(all).replaceAll('\u007f', '');
const choice = JSON.stringify(all.slice(0, 300));

const TASK = `name: mine
title: ${quoted}
description: ${quoted}
dataset: ${quoted}
model: ${quoted}
goal: ${quoted}
objective: { metric: loss, direction: minimize }
hyperparameters:
  x: { type: float, range: [0.0, 1.0], default: 0.5, description: ${quoted} }
  kind: { type: categorical, choices: [plain, ${choice}], default: plain, description: ${quoted} }
train: { script: train.py, config: config.yaml, log: log.jsonl }
profiles: { quick: { description: ${quoted} } }
`;

/** Says it all on stdout, in the log’s columns, as a file’s name, and in a traceback. */
const SCRIPT = `import json, sys
nasty = json.load(open("nasty.json"))
print(nasty, flush=True)
config = open("config.yaml").read()
open(nasty.replace("/", "_").replace("\\n", " ")[:60], "w").close()
json.dump({"loss": 0.25, nasty: 1.0, "epoch": 1}, open("log.jsonl", "w"))
if "plain" not in config: raise ValueError(nasty)
`;

const workplace = new Workplace();
const outputs: Record<string, string> = {};
let study = '';

beforeAll(async () => {
  await using openai = await startFakeOpenAi((request) => {
    const tools = request.tools.map((each) => each.function.name);
    const asked = request.messages.filter(({ role }) => role === 'tool').length;
    const [nextTool] = ['ExecutePythonFile', 'LoadTrainingLogs'].slice(asked);
    if (nextTool !== undefined && tools.includes(nextTool)) return { kind: 'tool-call', name: nextTool, args: {} };
    if (tools.includes('ProposeTrial'))
      return {
        kind: 'tool-call',
        name: 'ProposeTrial',
        args: {
          basedOn: 'default',
          hyperparameters: { x: 0.25, kind: all.slice(0, 300) },
          rationale: said,
          reasons: { x: said, kind: said },
          expects: { outcome: 'better' },
          intent: 'explore',
        },
      };
    if (tools.includes('ConcludeStudy'))
      return {
        kind: 'tool-call',
        name: 'ConcludeStudy',
        args: { best: said, influence: { x: said, kind: said }, future: said },
      };
    return { kind: 'text', text: all };
  });
  const task = workplace.task(SCRIPT, () => TASK);
  writeFileSync(join(task, 'config.yaml'), 'x: 0.5\nkind: plain\n');
  writeFileSync(join(task, 'nasty.json'), JSON.stringify(all));
  writeFileSync(join(task, 'README.md'), all);
  const flags = ['--model', 'openai:fake', '--base-url', openai.baseUrl, '--trials', '2', '--seed', '1', '--yes'];
  const tuned = await workplace.run(['tune', task, ...flags, '--plain'], { OPENAI_API_KEY: 'none-needed' });
  study = join(workplace.folder, 'logs/mine', readdirSync(join(workplace.folder, 'logs/mine'))[0] ?? '');
  outputs['tune'] = tuned.stdout + tuned.stderr;
  for (const words of [
    ['show', 'latest'],
    ['show', 'latest', '1'],
    ['show', 'latest', '2'],
    ['check', task, '--run'],
    ['list'],
  ])
    for (const format of [[], ['--json']]) {
      const { stdout, stderr } = await workplace.run([...words, ...format]);
      outputs[[...words, ...format].join(' ')] = stdout + stderr;
    }
});

test('the study ran: both trials are told, with what was said', () => {
  expect(outputs['show latest']).toMatch(/1 +complete[\s\S]*2 +failed/);
  expect(readFileSync(join(study, 'report.md'), 'utf8').length).toBeGreaterThan(2_000);
});

test('no output holds a control character, a reordering mark or an invisible one', () => {
  for (const [command, output] of Object.entries(outputs)) {
    const found = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.exec(
      output,
    );
    expect(
      found === null ? '' : JSON.stringify(output.slice(Math.max(0, found.index - 40), found.index + 20)),
      command,
    ).toBe('');
  }
});

describe('report.md', () => {
  // As forges render it: raw HTML allowed, bare addresses made into links.
  const rendered = () =>
    new MarkdownIt({ html: true, linkify: true }).render(readFileSync(join(study, 'report.md'), 'utf8'));

  test('renders without a link, an image or an element of a foreigner’s making', () => {
    const html = rendered();
    const targets = [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(
      targets.filter((target) => !/^(?:plots\/[\w-]+\.svg|#|report\.|trials\/|[\w-]+\.patch)/.test(target)),
    ).toEqual([]);
    expect(html).not.toMatch(/<(?:script|iframe|style|img(?! src="plots\/))\b/i);
    expect(html).not.toMatch(/<[a-z][^>"]*(?:"[^"]*"[^>"]*)*\son\w+\s*=/i);
  });

  test('holds no control character, and no line beyond all measure', () => {
    const text = readFileSync(join(study, 'report.md'), 'utf8');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(20_000);
  });
});

test('report.html runs nothing and loads nothing, and says so to the browser', () => {
  const html = readFileSync(join(study, 'report.html'), 'utf8');
  expect(html).toMatch(/http-equiv="Content-Security-Policy" content="default-src 'none'/);
  const tags = html.match(/<[a-z!/][^>]*>/gi) ?? [];
  const bad = tags.filter((tag) =>
    /^<(?:script|iframe|object|embed|link|form|input|base|img(?![^>]*src="data:))|\son\w+\s*=|(?:href|src)\s*=\s*["']?\s*(?:javascript|https?:|\/\/)/i.test(
      tag,
    ),
  );
  expect(bad).toEqual([]);
});

test('a plot is a picture: no script, no address but its name space', () => {
  for (const name of readdirSync(join(study, 'plots'))) {
    const svg = readFileSync(join(study, 'plots', name), 'utf8');
    expect(svg.replaceAll('http://www.w3.org/2000/svg', ''), name).not.toMatch(
      /<script|<image|<foreignObject|<a\b|\son\w+="|href=/i,
    );
  }
});
