import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../report/render-markdown.ts';
import { analysisOf } from './make-facts.ts';
import { aCurve, type HistoryStory, type TrialStory } from './make-history.ts';

const adam = { learning_rate: 0.001, optimizer: 'adam', batch_size: 64, nesterov: false };
const byDefault: TrialStory = { hyperparameters: adam, value: 0.5, proposal: { origin: 'default' } };
const better: TrialStory = { hyperparameters: { ...adam, learning_rate: 0.0123456789 }, value: 0.31 };
const oom: TrialStory = {
  hyperparameters: { ...adam, batch_size: 256 },
  failure: { cause: 'out-of-memory', message: 'killed' },
};
const finished = { event: 'study-finished', status: 'complete', reason: 'trial-budget', message: '' } as const;
const accuracy = { metric: 'accuracy', direction: 'maximize' } as const;

type Facts = Parameters<typeof analysisOf>[1];
const COMMANDS: Facts = {
  repeatCommand: 'agenthpo confirm S',
  evaluateCommand: 'agenthpo evaluate S',
  checkCommand: 'agenthpo check T --run',
  script: 'train.py',
};

/** The first screen’s answers by question, and the report they begin. */
function read(story: HistoryStory, facts: Facts = {}) {
  const markdown = renderMarkdown(analysisOf(story, { ...COMMANDS, ...facts }));
  const answers = [...markdown.matchAll(/^- \*\*([^*]+\?)\*\* (.*)$/gm)];
  const answer = (question: string) => answers.find(([, asked]) => asked?.includes(question))?.[2] ?? '';
  return { markdown, answers, answer };
}

describe('the first screen', () => {
  it('answers the eight questions within 25 lines', () => {
    const { markdown, answers } = read({ trials: [byDefault, better, oom], end: finished });
    expect(answers.map(([, question]) => question)).toEqual([
      'Which configuration won?',
      'By how much?',
      'Is that above the noise?',
      'What did it cost?',
      'Which trials failed?',
      'Is the data real?',
      'Is a best value at its range’s edge?',
      'What next?',
    ]);
    const [last = ''] = answers.at(-1) ?? [];
    expect(markdown.slice(0, markdown.indexOf(last)).split('\n').length).toBeLessThanOrEqual(25);
  });

  it('says what won, what that changes, by how much and against which trial', () => {
    const { answer } = read({ trials: [byDefault, better], end: finished });
    expect(answer('won')).toBe(
      '**Trial 2** with `val_loss` = **0.31** (lower is better): `learning_rate` = 0.01235; all else as the defaults.',
    );
    expect(answer('how much')).toBe('Better than the task’s defaults by **0.19** (38 %): 0.31 against 0.5 (trial 1).');
  });

  it('says what is reached without learning, and warns where the best is no better', () => {
    const start = { trivial: 'trivial_val_loss' };
    const recorded = (value: number) => ({ ...better, metrics: { trivial_val_loss: value } });
    const learned = read({ trials: [byDefault, recorded(0.7)], start });
    expect(learned.answer('how much')).toMatch(/\(trial 1\)\. Without learning: 0\.7 \(`trivial_val_loss`\)\.$/);
    expect(learned.markdown).not.toContain('Nothing was learned');
    const not = read({ trials: [byDefault, recorded(0.31)], start });
    expect(not.markdown).toContain(
      '**Nothing was learned.** The best value is no better than what is reached without learning (0.31)',
    );
  });

  it('says what is no longer used when a condition no longer holds', () => {
    const sgd = { ...adam, optimizer: 'sgd', momentum: 0.9 };
    const { answer } = read({ trials: [byDefault, { hyperparameters: sgd, value: 0.1 }] });
    expect(answer('won')).toContain('`optimizer` = sgd, `momentum` = 0.9; all else');
  });

  it('counts a higher value as better when the metric is maximised, and says which of equals counts', () => {
    const trials = [byDefault, { ...better, value: 0.75 }, { ...oom, failure: undefined, value: 0.75 }];
    const { answer } = read({ trials, objective: accuracy });
    expect(answer('won')).toMatch(/^\*\*Trial 2\*\* with `accuracy` = \*\*0\.75\*\* \(higher is better\)/);
    expect(answer('won')).toContain('1 later trial ended with exactly the same value; the first counts.');
    expect(answer('how much')).toContain('**0.25** (50 %): 0.75 against 0.5');
  });

  it('says that the noise is unknown and which next step would tell', () => {
    const { answer, markdown } = read({ trials: [byDefault, better], end: finished });
    expect(answer('noise')).toBe(
      '**Unknown**: no configuration was trained with a second seed, so a small margin may be luck. To find out: next step 1.',
    );
    expect(markdown).toMatch(/\*\*1\. See whether the lead holds[\s\S]*?```sh\nagenthpo confirm S\n```/);
  });

  it('without repeats tells what a model infers of the noise, and whether the lead is more', () => {
    const noiseOf = (deviation: number) => {
      const story = { trials: [byDefault, better], end: finished };
      return read(story, { inferredNoise: { deviation, values: 12 } }).answer('noise');
    };
    expect(noiseOf(0.001)).toContain(
      'over the 12 values, which judges by near neighbours, puts it at 0.001: the lead is larger.',
    );
    expect(noiseOf(5)).toContain('puts it at 5: the lead is smaller: a tie.');
  });

  it('says what repeats with other seeds showed, and leaves out those of other code or of the study’s own seed', () => {
    const repeat = {
      event: 'evaluation-finished',
      by: 'objective',
      metric: 'val_loss',
      codeHash: 'code-1',
      trial: 2,
    } as const;
    const after = [
      { ...repeat, seed: 7, bestValue: 0.31, defaultValue: 0.5 },
      { ...repeat, seed: 8, bestValue: 0.3, defaultValue: 0.41 },
      { ...repeat, seed: 9, bestValue: 0.5, defaultValue: 0.48 },
      { ...repeat, seed: 10, bestValue: 0.1, defaultValue: 0.48, codeHash: 'code-2' },
      { ...repeat, seed: 11, bestValue: null, defaultValue: 0.48 },
    ];
    const { answer, markdown } = read({ trials: [byDefault, better], end: finished, after });
    expect(answer('noise')).toContain('With seeds 8 and 9 the lead was 0.11 and -0.02: **it holds in 1 of 2**.');
    expect(markdown).toContain('| `val_loss` | 9 | 0.5 | 0.48 | -0.02 |');
    expect(markdown.indexOf('## Next steps')).toBeLessThan(markdown.indexOf('## How to use it'));
  });

  it('says of trainings that outlived their tuner that they did', () => {
    const { answer } = read({ trials: [{ ...byDefault, wallSeconds: 500 }], end: finished });
    expect(answer('cost')).toMatch(
      /^8 min 20 s of training \(1 attempt\), part of it while no tuner ran; agenthpo was at work for \d+ s\./,
    );
  });

  it('names who answered the requests of a sampler’s study', () => {
    const askedBy = (model: string) =>
      read(
        { trials: [byDefault, { ...better, calls: [{ model, costUsd: null }] }], start: { model, strategy: 'random' } },
        { modelLabel: 'the random sampler' },
      ).answer('cost');
    expect(askedBy('offline')).toContain('1 request to the embedded offline optimiser');
    expect(askedBy('openai:x')).toContain('1 request to x,');
  });

  it('judges an accuracy by its number of validation rows', () => {
    const trials = [
      { ...byDefault, value: 0.9 },
      { ...better, value: 0.91 },
    ];
    const { answer } = read({ trials, objective: accuracy }, { validationCount: 360 });
    const standardError = Math.sqrt((0.9 * 0.1 + 0.91 * 0.09) / 360);
    const errors = (0.01 / standardError).toPrecision(2);
    expect(answer('noise')).toContain(`**No, not above the noise**: ${errors} standard errors, where 2 are needed`);
  });

  it('says what it cost: nothing, an unknown sum, or so many dollars', () => {
    const costOf = (costUsd: number | null, model = 'openai:x') =>
      read(
        { trials: [byDefault, { ...better, calls: [{ model, costUsd }] }], start: { model } },
        { modelLabel: 'x' },
      ).answer('cost');
    expect(costOf(null)).toContain('4 s of it training (2 attempts). 1 request to x, 1100 tokens; money: unknown');
    expect(costOf(0.0123)).toContain(String.raw`1100 tokens; \$0.0123.`);
    expect(costOf(0, 'offline')).toContain(
      '1 request to the embedded offline optimiser: no language model, no tokens, free.',
    );
    expect(read({ trials: [byDefault] }).answer('cost')).toContain('No model was asked: no requests, no tokens, free.');
  });

  it('says which trials failed, why and with what, when they are few', () => {
    const { answer } = read({ trials: [byDefault, better, oom] });
    expect(answer('failed')).toBe('**1 of 3**: out of memory 1 (trial 3). Trial 3, with `batch_size` = 256: killed.');
    expect(read({ trials: [byDefault, better] }).answer('failed')).toBe('None of 2.');
    const broken = read({ trials: [byDefault, { ...better, brokenConstraints: ['wall_seconds <= 1'] }] });
    expect(broken.answer('failed')).toContain('against a constraint of the objective (wall_seconds &lt;= 1): trial 2.');
    expect(broken.answer('won')).toContain('**The task’s defaults (trial 1)**');
  });

  it('says that it was the defaults that failed', () => {
    const failing = { hyperparameters: adam, failure: { cause: 'import', message: 'no sklearn' } } as const;
    const { answer } = read({ trials: [failing] });
    expect(answer('failed')).toBe('**1 of 1**: import 1 (trial 1). Trial 1, with the defaults: no sklearn.');
  });

  it('says what the failures have in common, and shows each one’s configuration', () => {
    const rates = [0.002, 0.003, 0.004, 0.005, 0.006, 0.007];
    const good = rates.map((learning_rate) => ({ ...better, hyperparameters: { ...adam, learning_rate } }));
    const bad = rates.slice(0, 3).map((learning_rate) => ({
      ...oom,
      hyperparameters: { ...adam, learning_rate, batch_size: 256 },
    }));
    const { answer, markdown } = read({ trials: [byDefault, ...good, ...bad], end: finished });
    expect(answer('failed')).toContain('all 3 had `batch_size` = 256'.replace('=', '≥'));
    expect(answer('failed')).toContain('none of the 7 complete trials did');
    expect(markdown).toContain('| 9 | `learning_rate` = 0.003, `batch_size` = 256 | killed |');
    expect(answer('next')).toContain('look at the range of `batch_size`, where trials failed');
    expect(markdown).not.toContain('Nothing stands out');
  });

  it('says whose data it is, and that nobody checked it', () => {
    const { answer } = read({ trials: [byDefault] }, { dataset: 'Eight by eight pixels.' });
    expect(answer('data')).toBe(
      'It is what `train.py` loads; agenthpo neither made nor replaced it, and did not check it. The task says: Eight by eight pixels.',
    );
  });

  it('says what of the winner lies at an end of its range, and offers to widen only what was varied', () => {
    const edge = { ...better, hyperparameters: { ...adam, learning_rate: 0.1 } };
    const { answer } = read({ trials: [byDefault, edge], end: finished });
    expect(answer('edge')).toBe('**Yes**: `learning_rate` = 0.1 lies at the upper end of its range [1e-5, 0.1].');
    expect(answer('next')).toContain('widen the range of `learning_rate` (upper end), where values beyond make sense');
    expect(read({ trials: [byDefault, better] }).answer('edge')).toBe('No.');
    const worse = { ...edge, proposal: { origin: 'sampler' as const }, value: 9 };
    const defaultsWon = read({
      trials: [{ ...byDefault, hyperparameters: edge.hyperparameters }, worse],
      end: finished,
    });
    expect(defaultsWon.answer('edge')).toContain('lies at the upper end');
    expect(defaultsWon.answer('next')).not.toContain('widen');
    const fixed = { ...adam, batch_size: 32 };
    const constant = read({
      trials: [
        { hyperparameters: fixed, value: 0.5 },
        { hyperparameters: { ...fixed, learning_rate: 0.01 }, value: 0.4 },
      ],
    });
    expect(constant.answer('edge')).toContain(
      '`batch_size` = 32 lies at the lower end of its range [32, 256] (never varied)',
    );
    expect(constant.answer('next')).not.toContain('widen');
  });

  it('ends with what to do: longer training where the best curve asks for it, more trials last', () => {
    const improving = { ...better, curve: aCurve(0.31, { stillImproving: true }) };
    const { answer } = read({ trials: [byDefault, improving], end: finished });
    expect(answer('next')).toBe(
      '(1) see whether the lead holds with other seeds; (2) compute the test metric of the best and the defaults; ' +
        '(3) train the best configuration longer; (4) or search on. The commands are under Next steps.',
    );
    const paused = { event: 'study-paused', reason: 'interrupted', message: '' } as const;
    expect(read({ trials: [byDefault], end: paused }).answer('next')).toMatch(/^\(1\) go on with the study\./);
  });
});

describe('the first screen is true when', () => {
  it.each<[string, HistoryStory, RegExp, RegExp]>([
    ['nothing was tried', { trials: [] }, /nothing was tried yet/, /Nothing to compare/],
    [
      'only the defaults ran',
      { trials: [byDefault] },
      /The task’s defaults \(trial 1\)/,
      /nothing to compare them with/,
    ],
    [
      'the defaults are best',
      { trials: [byDefault, { ...better, value: 0.9 }] },
      /The task’s defaults \(trial 1\)/,
      /By nothing over the defaults: they are the winner\. The other complete trial was no better/,
    ],
    [
      'all failed',
      { trials: [{ hyperparameters: adam, failure: { cause: 'import', message: 'no sklearn' } }] },
      /no trial has a value.*none completed \(import 1\)/,
      /Nothing to compare/,
    ],
    [
      'there was no default trial',
      { trials: [{ ...better, proposal: { origin: 'random' } }] },
      /Trial 1/,
      /the task’s defaults were not tried, so there is no baseline\. It is the only complete trial/,
    ],
    [
      'the defaults failed',
      { trials: [{ ...oom, hyperparameters: adam, proposal: { origin: 'default' } }, better] },
      /Trial 2/,
      /defaults \(trial 1\) have no value of their own/,
    ],
    [
      'constraints rule all out',
      { trials: [{ ...byDefault, brokenConstraints: ['wall_seconds <= 1'] }] },
      /every complete trial breaks a constraint/,
      /Nothing to compare/,
    ],
    [
      'new code has no value yet',
      { trials: [byDefault, { ...better, state: 'running', value: undefined, resumedWith: 'code-2' }] },
      /no trial of the current code has a value yet/,
      /Nothing to compare/,
    ],
  ])('%s', (_, story, winner, margin) => {
    const { answer } = read(story);
    expect(answer('won')).toMatch(winner);
    expect(answer('how much')).toMatch(margin);
  });
});
