import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { drawPlots } from '../../report/plots/draw-plots.ts';
import { renderHtml } from '../../report/render-html.ts';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { analysisOf } from './make-facts.ts';
import { aCurve, type HistoryStory, type TrialStory } from './make-history.ts';

const adam = { learning_rate: 0.001, optimizer: 'adam', batch_size: 64, nesterov: false };
const byDefault: TrialStory = {
  hyperparameters: adam,
  value: 0.5,
  proposal: { origin: 'default' },
  curve: aCurve(0.5),
};
const better: TrialStory = {
  hyperparameters: { ...adam, learning_rate: 0.0123456789 },
  value: 0.31,
  curve: aCurve(0.31),
  proposal: {
    origin: 'offline',
    basedOn: 1,
    rationale: 'The loss still falls at the last epoch.',
    reasons: { learning_rate: 'Ten times more.' },
    expects: { outcome: 'better', value: 0.4 },
    intent: 'explore',
  },
};
const finished = { event: 'study-finished', status: 'complete', reason: 'trial-budget', message: '' } as const;

function markdownOf(story: HistoryStory, facts: Parameters<typeof analysisOf>[1] = {}): string {
  return renderMarkdown(analysisOf(story, facts));
}

const titleOf = (markdown: string) => markdown.split('\n')[0];

/** The first screen’s answer to one of the eight questions. */
function answerTo(markdown: string, question: string): string {
  const line = markdown.split('\n').find((each) => each.startsWith(`- **${question}** `));
  if (line === undefined) throw new Error(`the report does not answer: ${question}`);
  return line.slice(`- **${question}** `.length);
}

describe('the title', () => {
  const trials = [byDefault];
  it('says who searched, and when no language model did', () => {
    expect(titleOf(markdownOf({ trials }))).toBe('# Handwritten digits (offline optimiser, no language model)');
    const random = { strategy: 'random', executor: 'direct', model: null };
    expect(titleOf(markdownOf({ trials, start: random }))).toBe('# Handwritten digits (random search, no agents)');
    const model = { model: 'openai:gpt-4o-mini' };
    expect(titleOf(markdownOf({ trials, start: model }, { modelLabel: 'gpt-4o-mini' }))).toBe(
      '# Handwritten digits (gpt-4o-mini)',
    );
  });

  it('says that the data is a stand-in', () => {
    const markdown = markdownOf({ trials }, { dataIsStandIn: true });
    expect(titleOf(markdown)).toMatch(/^# STAND-IN DATA: Handwritten digits/);
    expect(markdown).toContain('no number here says anything about the real task');
    expect(answerTo(markdown, 'Is the data real?')).toMatch(/^\*\*No: stand-in data\*\*/);
    expect(answerTo(markdown, 'What next?')).toMatch(/^\(1\) get the real data and tune again without --stand-in;/);
  });

  it('says what the profile’s numbers are not', () => {
    const markdown = markdownOf({ trials }, { caveat: 'not the published setting' });
    expect(titleOf(markdown)).toBe(
      '# Handwritten digits (offline optimiser, no language model; not the published setting)',
    );
  });
});

describe('the report', () => {
  it('says how a study stands that is paused, and how to go on', () => {
    const markdown = markdownOf({
      trials: [byDefault],
      end: { event: 'study-paused', reason: 'interrupted', message: 'Ctrl-C' },
    });
    expect(markdown).toContain('The study is paused (interrupted): 1 trial (1 complete) in 1 min 23 s. Ctrl-C');
    expect(markdown).toContain('# go on where it stopped\nagenthpo resume quiet-heron --trials 30');
  });

  it('tells where the code changed and compares nothing across', () => {
    const markdown = markdownOf({ trials: [byDefault, { ...better, resumedWith: 'code-2' }] });
    expect(markdown).toContain('version 1: trial 1; version 2 (current): trial 2');
    expect(answerTo(markdown, 'By how much?')).not.toContain('0.5');
    expect(markdown).toContain('| # | State | Origin | Code | `val_loss` |');
  });

  it('holds every trial with its state, origin, value, what differs, and whether the expectation came true', () => {
    const fallback: TrialStory = {
      hyperparameters: { ...adam, batch_size: 32 },
      failure: { cause: 'out-of-memory', message: 'killed' },
      proposal: { origin: 'tpe', fallback: true },
    };
    const markdown = markdownOf({ trials: [byDefault, better, fallback] });
    expect(markdown).toContain('| 1 | complete | defaults | 0.5 | 0.001 | 64 | – |  |');
    expect(markdown).toContain(
      '| **2** | complete | offline | **0.31** | 0.01235 | 64 | better, 0.4 ✓ | The loss still falls at the last epoch. |',
    );
    expect(markdown).toContain('| 3 | failed: out of memory | tpe (fallback) | – | 0.001 | 32 | – |  |');
    expect(markdown).toContain('The same in every trial: `optimizer` = adam, `momentum` = –, `nesterov` = false.');
    expect(markdown).toContain('  - `learning_rate` 0.001 → 0.01235: Ten times more.');
    expect(markdown).toContain(
      '{"trial":2,"state":"complete","value":0.31,"hyperparameters":{"learning_rate":0.0123456789,',
    );
  });

  it('stays narrow with many hyperparameters: values get a table of their own', () => {
    const names = Array.from({ length: 10 }, (_, index) => `parameter_${index}`);
    const space = {
      hyperparameters: Object.fromEntries(
        names.map((name) => [name, { type: 'float', range: [0, 1], default: 0.5 } as const]),
      ),
    };
    const trials = Array.from(
      { length: 100 },
      (_, n): TrialStory => ({
        hyperparameters: Object.fromEntries(names.map((name, k) => [name, ((n * (k + 3)) % 101) / 101])),
        value: n + 1,
      }),
    );
    const rows = markdownOf({ space, trials })
      .split('\n')
      .filter((line) => /^\| \*?\*?\d+\*?\*? \|/.test(line));
    expect(rows.length).toBe(200);
    expect(Math.max(...rows.map((row) => row.split('|').length - 2))).toBe(12);
  });

  it('shows the config file’s change, the cost and what is not known of it', () => {
    const markdown = markdownOf(
      {
        trials: [byDefault, { ...better, calls: [{ model: 'x', costUsd: null }] }],
        start: { model: 'openai:x' },
      },
      {
        configFile: {
          path: 'config.yaml',
          defaultText: 'lr: 0.001\nepochs: 5\n',
          bestText: 'lr: 0.0123456789\nepochs: 5\n',
        },
      },
    );
    expect(markdown).toContain(
      '```diff\n--- a/config.yaml\n+++ b/config.yaml\n@@ -1,2 +1,2 @@\n-lr: 0.001\n+lr: 0.0123456789\n epochs: 5\n```',
    );
    expect(markdown).toContain('| Creator | 1 | 1000 | 0 | 100 | 0 | unknown | 0.5 s |');
    expect(markdownOf({ trials: [byDefault] })).toContain('No model was asked. Training took 2 s in 1 attempt');
  });

  it('labels the analysis as a model’s words or as computed, beside what the data says', () => {
    const analysis = {
      best: 'Trial 2.',
      influence: { momentum: 'Higher is better.' },
      future: 'More epochs.',
      by: 'model',
    } as const;
    const story = { trials: [byDefault, better], end: { ...finished, analysis } };
    const markdown = markdownOf({ ...story, start: { model: 'openai:x' } }, { modelLabel: 'gpt-x' });
    expect(markdown).toContain('Words of the language model gpt-x');
    expect(markdown).toContain(
      '| `momentum` | Higher is better. | **No influence shown:** it was active in no complete trial; 0 trials. |',
    );
    const offline = markdownOf({ ...story, end: { ...finished, analysis: { ...analysis, by: 'offline' } } });
    expect(offline).toContain('Computed by the offline optimiser');
  });

  it('names only pictures that exist', () => {
    const analysis = analysisOf({ trials: [byDefault, better] });
    const plots = drawPlots(analysis);
    const named = [...renderMarkdown(analysis, plots).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file);
    expect(named.toSorted()).toEqual(plots.map(({ file }) => file).toSorted());
  });
});

describe('text that others wrote', () => {
  const evil =
    'x</p><script>alert(1)</script><img src=http://evil.example/p.png onerror=alert(1)> ![i](http://evil.example/i.png) ' +
    '[l](javascript:alert(1)) http://evil.example www.evil.example a@evil.example <http://evil.example> | cell\n\n# heading\n' +
    '```\n</code></pre><iframe src="//evil.example"></iframe>\n[ref]: http://evil.example\n\u001b[31mred\u001b]8;;http://evil.example\u0007\u202e\u0000</style><svg onload=alert(1)>';
  const story: HistoryStory = {
    space: {
      hyperparameters: {
        activation: { type: 'categorical', choices: ['relu', evil], default: 'relu' },
        size: { type: 'int', range: [1, 9], default: 2 },
      },
    },
    objective: { metric: evil, constraints: [] },
    start: {
      model: evil,
      profile: evil,
      study: evil,
      task: evil,
      prompts: { [evil]: evil },
      versions: { [evil]: evil },
      executor: evil,
      strategy: evil,
    },
    trials: [1, 2, 3, 4].map((size) => ({
      hyperparameters: { activation: size % 2 ? 'relu' : evil, size },
      ...(size === 3
        ? { failure: { cause: 'crash', message: evil, tail: evil }, withheld: [evil] }
        : { value: size, curve: aCurve(size) }),
      summary: evil,
      brokenConstraints: size === 4 ? [evil] : [],
      proposal: {
        rationale: evil,
        basedOn: 'default',
        reasons: { size: evil, [evil]: evil },
        expects: { outcome: 'better' },
      },
      rejections: [[evil, `size = ${evil} is outside [1, 9]`]],
    })),
    end: {
      ...finished,
      message: evil,
      analysis: { best: evil, influence: { size: evil, [evil]: evil }, future: evil, by: 'model' },
    },
  };
  const facts = {
    taskTitle: evil,
    taskName: evil,
    studyFolder: evil,
    reproduceCommand: evil,
    resumeCommand: evil,
    trainCommand: evil,
    applyCommand: evil,
    repeatCommand: evil,
    evaluateCommand: evil,
    checkCommand: evil,
    script: evil,
    dataset: evil,
    caveat: evil,
    modelLabel: evil,
    versions: { [evil]: evil },
    configFile: { path: evil, defaultText: evil, bestText: `${evil}\n${evil}` },
  };
  const analysis = analysisOf(story, facts);
  const plots = drawPlots(analysis);
  const markdown = renderMarkdown(analysis, plots);

  /** Everything a browser would act on: tags outside of the page’s own, event handlers, addresses. */
  function activeContent(html: string): string[] {
    const tags = html.match(/<[a-z!/][^>]*>/gi) ?? [];
    const known =
      /^<\/?(?:!doctype|html|head|meta|title|style|body|main|h[1-6]|p|div|span|table|thead|tbody|tr|th|td|code|pre|ul|li|strong|em|blockquote|br|hr|svg|g|path|line|rect|circle|text|defs|clippath|desc)\b/i;
    return tags.filter((tag) => !known.test(tag) || /\son\w+\s*=|href\s*=|src\s*=|javascript:/i.test(tag));
  }

  it('is nothing but text in the page, pictures and title included', () => {
    const page = renderHtml(markdown, plots);
    expect(plots.length).toBe(3);
    expect(activeContent(page)).toEqual([]);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<title>/g)?.length).toBe(1 + plots.length);
  });

  it('is nothing but text in the Markdown, even for a reader that allows HTML and links bare addresses', () => {
    const careless = new MarkdownIt({ html: true, linkify: true }).render(markdown);
    const pictures = plots.map(({ file }) => `<img src="${file}"`);
    const found = activeContent(careless).filter((tag) => !pictures.some((picture) => tag.startsWith(picture)));
    expect(found).toEqual([]);
  });

  it('carries no control byte, no terminal escape and no reordering mark', () => {
    for (const text of [markdown, renderHtml(markdown, plots), ...plots.map(({ svg }) => svg)])
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('is cut when it is long, and says so', () => {
    const long = 'word '.repeat(2000);
    const { trials } = story;
    const text = markdownOf({
      ...story,
      trials: [{ ...trials[0], hyperparameters: { activation: 'relu', size: 1 }, proposal: { rationale: long } }],
    });
    expect(text).toMatch(/… \(\d+ more characters cut\)/);
    expect(text.length).toBeLessThan(40_000);
  });
});
