import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownTable } from '../../../dist/report/table.js';
import { ROOT } from '../workplace.mjs';
import { isOurs } from './arms.mjs';
import { problemsOf } from './catalogue.mjs';
import { Comparison } from './compare.mjs';
import { drawCurves } from './curves.mjs';
import { readAllResults, resultsFile } from './results.mjs';

const MILESTONES = [1, 2, 3, 5, 10, 30];
/** At these an arm is compared with each other one. */
const VERDICTS = [10, 30];
const RANDOM_ARMS = ['random', 'default+random'];

/** Writes report.md, rank.svg and regret.svg of a split beside its results, and prints where they are. */
export function writeReport({ split, arms }) {
  const studies = readAllResults(split);
  const present = arms.filter((arm) => studies.some((study) => study.arm === arm));
  if (present.length === 0) throw new Error(`There are no results of ${arms.join(', ')} on ${split}: --run makes them`);
  const calibration = JSON.parse(readFileSync(join(ROOT, 'bench/calibration.json'), 'utf8'));
  const compare = (problems) =>
    new Comparison({ studies, arms: present, problems, calibration, trials: MILESTONES.at(-1) });
  const counted = compare(problemsOf(split).filter(({ isCounted }) => isCounted));
  const shown = compare(problemsOf(split).filter(({ isCounted }) => !isCounted));
  const folder = dirname(resultsFile(split, 'any'));
  const broken = studies.filter(({ arm, error }) => present.includes(arm) && error !== undefined);
  writeFileSync(join(folder, 'report.md'), document({ split, counted, shown, broken }));
  writeFileSync(join(folder, 'rank.svg'), rankPlot(counted));
  writeFileSync(join(folder, 'regret.svg'), regretPlot(counted));
  console.log(`${join(folder, 'report.md')}, rank.svg, regret.svg`);
}

function document({ split, counted, shown, broken }) {
  const seeds = [...counted.seeds.values()].map(({ length }) => length);
  return `${[
    `# Optimisers on the ${split === 'dev' ? 'development' : 'test'} problems`,
    `${counted.arms.length} arms on ${counted.problems.length} problems, ${counted.pairs.length} pairs of problem and seed (${Math.min(...seeds)} to ${Math.max(...seeds)} seeds each). Made by \`node bench/optimisers.mjs --report --split ${split}\`.`,
    broken.length === 0
      ? ''
      : `Studies in which an optimiser broke down (their pairs are left out for every arm): ${tally(broken)}.`,
    '## Mean rank after so many trials\n\n1 is best. Ties share a rank; a tie is a difference below the noise.',
    '![Mean rank over trials](rank.svg)',
    rankTable(counted),
    '## Normalised regret\n\n0 is the best loss known, 1 that of a middling random configuration or worse; mean over problems.',
    '![Normalised regret over trials](regret.svg)',
    regretTable(counted),
    ...RANDOM_ARMS.filter((arm) => counted.arms.includes(arm)).map((arm) => winSection(counted, arm)),
    ...counted.arms.filter(isOurs).flatMap((arm) => VERDICTS.map((count) => differenceSection(counted, arm, count))),
    '## Failures, repetitions, time\n\nSeconds are the median of what a proposal took, on a shared machine; agenthpo’s include all that a study writes.',
    costTable(counted),
    `## Problem by problem\n\nMean regret after ${VERDICTS.at(-1)} trials.`,
    problemTable(counted),
    shown.problems.length === 0
      ? ''
      : '## Not counted\n\nWhere textbooks have their optimum: in the centre or on whole numbers.',
    shown.problems.length === 0 ? '' : problemTable(shown),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function tally(broken) {
  const counts = new Map();
  for (const { arm } of broken) counts.set(arm, (counts.get(arm) ?? 0) + 1);
  return [...counts].map(([arm, count]) => `${arm} ${count}`).join(', ');
}

function rankTable(comparison) {
  const ranks = new Map(MILESTONES.map((count) => [count, comparison.meanRanks(count)]));
  return armTable(
    comparison,
    MILESTONES.map((count) => right(String(count), (arm) => ranks.get(count).get(arm).toFixed(2))),
  );
}

function regretTable(comparison) {
  return armTable(
    comparison,
    MILESTONES.map((count) => right(String(count), (arm) => comparison.meanRegret(arm, count).toFixed(4))),
  );
}

function winSection(comparison, other) {
  const won = (part, count) => right(String(count), (arm) => percent(comparison.winsAgainst(arm, other, count)[part]));
  const changed = (part, count) =>
    right(`${count}, ${part}`, (arm) => percent(comparison.changeAgainst(arm, other, count)[part]));
  const studies = MILESTONES.slice(1).map((count) => won('studies', count));
  const problems = VERDICTS.map((count) => won('problems', count));
  const changes = VERDICTS.flatMap((count) => [changed('median', count), changed('mean', count)]);
  return [
    `## Against ${other}`,
    'Share of studies won after so many trials, ties half:',
    armTable(comparison, studies, other),
    'Share of problems on which more studies are won than lost:',
    armTable(comparison, problems, other),
    `How much lower the loss is than that of ${other}, over problems:`,
    armTable(comparison, changes, other),
  ].join('\n\n');
}

function differenceSection(comparison, arm, count) {
  const rows = comparison.rankDifferences(arm, count);
  const columns = [
    { heading: 'other', cell: ({ other }) => other },
    right('ahead by (ranks)', ({ difference }) => difference.toFixed(2)),
    right('95 % interval', ({ low, high }) => `${low.toFixed(2)} … ${high.toFixed(2)}`),
    right('p (Wilcoxon, Holm)', ({ p }) => (p < 0.001 ? '< 0.001' : p.toFixed(3))),
  ];
  return `### ${arm} after ${count} trials\n\n${markdownTable(columns, rows)}`;
}

function costTable(comparison) {
  const costs = new Map(comparison.arms.map((arm) => [arm, comparison.costOf(arm)]));
  return armTable(comparison, [
    right('failed', (arm) => percent(costs.get(arm).failed)),
    right('repeated', (arm) => percent(costs.get(arm).repeated)),
    right('seconds a proposal', (arm) => costs.get(arm).seconds.toFixed(3)),
  ]);
}

function problemTable(comparison) {
  const last = VERDICTS.at(-1);
  const regret = (arm, problem) => {
    const regrets = comparison.seeds.get(problem).map((seed) => comparison.regretOf(arm, { problem, seed }, last));
    return (regrets.reduce((sum, each) => sum + each, 0) / regrets.length).toFixed(4);
  };
  const columns = comparison.arms.map((arm) => right(arm, (problem) => regret(arm, problem)));
  return markdownTable([{ heading: 'problem', cell: (problem) => problem }, ...columns], comparison.problems);
}

function armTable(comparison, columns, without) {
  const rows = comparison.arms.filter((arm) => arm !== without);
  return markdownTable([{ heading: 'arm', cell: (arm) => (isOurs(arm) ? `**${arm}**` : arm) }, ...columns], rows);
}

function right(heading, cell) {
  return { heading, align: 'right', cell };
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

function rankPlot(comparison) {
  const ranks = Array.from({ length: comparison.trials }, (_, index) => comparison.meanRanks(index + 1));
  const series = comparison.arms.map((arm) => ({
    name: arm,
    isOurs: isOurs(arm),
    values: ranks.map((each) => each.get(arm)),
  }));
  return drawCurves({ title: 'Mean rank', name: 'mean rank (lower is better)', isLog: false, series });
}

function regretPlot(comparison) {
  const counts = Array.from({ length: comparison.trials }, (_, index) => index + 1);
  const series = comparison.arms.map((arm) => ({
    name: arm,
    isOurs: isOurs(arm),
    values: counts.map((count) => comparison.meanRegret(arm, count)),
  }));
  return drawCurves({ title: 'Normalised regret', name: 'normalised regret (log scale)', isLog: true, series });
}
