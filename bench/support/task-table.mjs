import { isAlwaysTheSame, pairedDifference, standardDeviation } from '../../dist/report/paired-difference.js';
import { mean } from './statistics.mjs';

const HEAD = [
  'task',
  'metric',
  'without learning',
  'default',
  'best of the study',
  'test: default → best',
  'lead, 95 % interval',
  's a trial',
];

/** A Markdown table of kept results (bench/tasks.mjs), a row each, and a line that counts the verdicts. */
export function describeTasks(results) {
  const verdicts = results.map(verdictOf);
  const count = (verdict) => verdicts.filter((each) => each === verdict).length;
  const rows = results.map((result) => {
    const { task, metric, trivial, default: before, best, bestTrial, secondsATrial } = result;
    const shownBest = bestTrial === 1 ? 'the default' : `${short(best)} (trial ${bestTrial})`;
    return [
      `\`${task}\``,
      metric,
      short(trivial),
      short(before),
      shownBest,
      ...testCells(result),
      secondsATrial.toFixed(0),
    ];
  });
  return [
    ...[HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${results.length} studies: ${count('better')} with a lead whose interval lies above 0 on the test metric, ${count('open')} ` +
      `where it includes 0, ${count('worse')} below it, ${count('default')} in which nothing beat the defaults, ` +
      `${count('untested')} without a test metric.`,
  ].join('\n');
}

/** What the seeds of the test say of the best against the defaults. */
export function verdictOf(result) {
  if (result.bestTrial === 1) return 'default';
  if (result.test === undefined) return 'untested';
  const leads = leadsOf(result.test);
  if (leads.length < 2) return 'open';
  const difference = pairedDifference(leads);
  const { low, high } = difference;
  // A script that draws no random numbers, of whose test rows nothing more is known.
  if (isAlwaysTheSame(difference)) return 'open';
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'open';
}

function testCells({ test, bestTrial }) {
  if (test === undefined) return ['–', '–'];
  const [before, after] = ['default', 'best'].map((which) => spread(test.seeds.flatMap((seed) => seed[which] ?? [])));
  const leads = leadsOf(test);
  if (bestTrial === 1 || leads.length < 2) return [`${before} → ${after}`, '–'];
  const difference = pairedDifference(leads);
  const { mean: lead, low, high } = difference;
  const words = isAlwaysTheSame(difference)
    ? `${signed(lead)}, the same under every seed`
    : `${signed(lead)} (${signed(low)} … ${signed(high)})`;
  return [`${before} → ${after}`, words];
}

/** Positive where the best is the better one. */
function leadsOf({ seeds, direction }) {
  const sign = direction === 'minimize' ? -1 : 1;
  return seeds.flatMap((seed) =>
    seed.best === null || seed.default === null ? [] : [sign * (seed.best - seed.default)],
  );
}

function spread(values) {
  if (values.length === 0) return '–';
  return values.length === 1 ? short(values[0]) : `${short(mean(values))} ± ${short(standardDeviation(values))}`;
}

function short(value) {
  return value === null || value === undefined ? '–' : String(Number(value.toPrecision(3)));
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${short(Math.abs(value))}`;
}
