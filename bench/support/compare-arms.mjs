import { median } from './measure.mjs';

const MILESTONES = [1, 3, 5, 10];

/**
 * Prints what results (`{arm, seed, trials: [{value | null}]}`, lower is better) say: each arm’s median best after so
 * many trials, and for each comparison the share of seeds won at the end (a tie is half a win).
 */
export function compareArms(results, { arms, comparisons, seeds }) {
  const wanted = results.filter(({ seed }) => seeds.includes(seed));
  const studies = new Map(wanted.map((study) => [`${study.arm} ${study.seed}`, study]));
  const bestOf = (arm, seed, count) => bestAfter(studies.get(`${arm} ${seed}`), count);
  const complete = seeds.filter((seed) => arms.every((arm) => studies.has(`${arm} ${seed}`)));

  console.log(`\nmedian best value over ${complete.length} seeds after ${MILESTONES.join(', ')} trials; failed trials`);
  for (const arm of arms) {
    const medians = MILESTONES.map((count) => median(complete.map((seed) => bestOf(arm, seed, count))));
    const failed = complete
      .flatMap((seed) => studies.get(`${arm} ${seed}`).trials)
      .filter(({ value }) => value === null);
    console.log(
      `  ${arm.padEnd(18)}${medians.map((value) => value.toFixed(4).padStart(10)).join('')}${String(failed.length).padStart(8)}`,
    );
  }

  console.log('\nseeds won after each number of trials (ties half); relative change at the end, negative is better');
  for (const { arm, against, goal } of comparisons) {
    const rates = MILESTONES.map((count) =>
      mean(complete.map((seed) => win(bestOf(arm, seed, count), bestOf(against, seed, count)))),
    );
    const last = MILESTONES.at(-1);
    const changes = complete.map((seed) => bestOf(arm, seed, last) / bestOf(against, seed, last) - 1);
    const verdict = `goal >= ${percent(goal)}: ${rates.at(-1) >= goal ? 'met' : 'MISSED'}`;
    console.log(`  ${arm} against ${against}`.padEnd(40) + rates.map((rate) => percent(rate).padStart(7)).join(''));
    console.log(`    ${verdict}; change: median ${percent(median(changes))}, mean ${percent(mean(changes))}`);
  }
}

/** Infinity as long as no trial has a value: any value is better. */
function bestAfter({ trials }, count) {
  return Math.min(...trials.slice(0, count).flatMap(({ value }) => value ?? []));
}

function win(value, other) {
  if (value === other) return 0.5;
  return value < other ? 1 : 0;
}

function mean(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
