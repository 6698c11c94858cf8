import { bootstrapInterval, createRandom, holm, mean, quantile, ranksOf, wilcoxonSignedRank } from '../statistics.mjs';

/** Losses closer than this share of what there is to gain are equal: nobody would care. */
const SAME_WITHIN = 1e-6;

/**
 * What the studies of some arms say. `studies` are `{arm, problem, seed, trials}`; of those only the (problem, seed) pairs count
 * that every arm has finished. `problems` are `{name, noise}` with their `calibration` `{best, typical}` by name.
 */
export class Comparison {
  constructor({ studies, arms, problems, calibration, trials }) {
    this.arms = arms;
    this.trials = trials;
    this.calibration = calibration;
    this.noise = new Map(problems.map(({ name, noise }) => [name, noise]));
    const whole = studies.filter(
      (study) => arms.includes(study.arm) && study.trials !== undefined && this.noise.has(study.problem),
    );
    this.studies = new Map(whole.map((study) => [`${study.arm} ${study.problem} ${study.seed}`, study]));
    this.seeds = new Map(
      problems.map(({ name }) => [name, this.#seedsOf(name)]).filter(([, seeds]) => seeds.length > 0),
    );
    this.curves = new Map([...this.studies].map(([key, study]) => [key, incumbentCurve(study.trials, trials)]));
  }

  get problems() {
    return [...this.seeds.keys()];
  }

  get pairs() {
    return this.problems.flatMap((problem) => this.seeds.get(problem).map((seed) => ({ problem, seed })));
  }

  /** The loss, without noise, of the best configuration after so many trials; Infinity while every trial has failed. */
  lossOf(arm, { problem, seed }, count) {
    return this.curves.get(`${arm} ${problem} ${seed}`)[count - 1];
  }

  /** 0 at the best known loss, 1 at a middling random configuration’s and beyond. */
  regretOf(arm, pair, count) {
    const { best, typical } = this.calibration[pair.problem];
    return Math.min(1, Math.max(0, (this.lossOf(arm, pair, count) - best) / (typical - best)));
  }

  isTie(problem, a, b) {
    if (a === b) return true;
    const { best, typical } = this.calibration[problem];
    const band = Math.max(SAME_WITHIN * (typical - best), this.noise.get(problem) * Math.min(Math.abs(a), Math.abs(b)));
    return Math.abs(a - b) <= band;
  }

  /** Each arm’s rank in one study, 1 for the best, in the order of `arms`. */
  ranksIn(pair, count) {
    return ranksOf(
      this.arms.map((arm) => this.lossOf(arm, pair, count)),
      (a, b) => this.isTie(pair.problem, a, b),
    );
  }

  /** By arm: mean over problems of the mean over seeds. */
  meanRanks(count) {
    const byProblem = this.#byProblem((pair) => this.ranksIn(pair, count));
    return new Map(
      this.arms.map((arm, index) => [arm, meanOfMeans(byProblem.map((ranks) => ranks.map((each) => each[index])))]),
    );
  }

  meanRegret(arm, count) {
    return meanOfMeans(this.#byProblem((pair) => this.regretOf(arm, pair, count)));
  }

  /** Share of studies in which `arm` is better than `other`, a tie half; and of problems on which that is more than half. */
  winsAgainst(arm, other, count) {
    const byProblem = this.#byProblem((pair) => {
      const [a, b] = [this.lossOf(arm, pair, count), this.lossOf(other, pair, count)];
      if (this.isTie(pair.problem, a, b)) return 0.5;
      return a < b ? 1 : 0;
    });
    return { studies: meanOfMeans(byProblem), problems: mean(byProblem.map((wins) => (mean(wins) > 0.5 ? 1 : 0))) };
  }

  /**
   * Relative change of the loss against `other` (Zhang et al. 2023: 0.2 instead of 0.4 is 50 %), both averaged over seeds: median
   * and mean over problems. A study without any value counts as a middling random configuration.
   */
  changeAgainst(arm, other, count) {
    const finite = (each, pair) => {
      const loss = this.lossOf(each, pair, count);
      return Number.isFinite(loss) ? loss : this.calibration[pair.problem].typical;
    };
    const changes = this.problems.map((problem) => {
      const pairs = this.seeds.get(problem).map((seed) => ({ problem, seed }));
      return 1 - mean(pairs.map((pair) => finite(arm, pair))) / mean(pairs.map((pair) => finite(other, pair)));
    });
    return { median: quantile(changes, 0.5), mean: mean(changes) };
  }

  /**
   * How far `arm` is ahead of each other arm: rank of the other minus its own (so more is better), with a bootstrap
   * interval over problems and seeds, and the p value of Wilcoxon’s test over problems, adjusted by Holm’s method.
   */
  rankDifferences(arm, count) {
    const own = this.arms.indexOf(arm);
    const others = this.arms.filter((each) => each !== arm);
    const byProblem = this.#byProblem((pair) => this.ranksIn(pair, count));
    const compared = others.map((other) => {
      const groups = byProblem.map((ranks) => ranks.map((each) => each[this.arms.indexOf(other)] - each[own]));
      const p = wilcoxonSignedRank(groups.map((differences) => Number(mean(differences).toPrecision(12))));
      return { other, difference: meanOfMeans(groups), ...bootstrapInterval(groups, createRandom(1)), p };
    });
    const adjusted = holm(compared.map(({ p }) => p));
    return compared.map((each, index) => ({ ...each, p: adjusted[index] }));
  }

  /** Shares of trials that failed and that repeated an earlier one, and median seconds a proposal from the second trial on. */
  costOf(arm) {
    const trials = this.pairs.flatMap(({ problem, seed }) => this.studies.get(`${arm} ${problem} ${seed}`).trials);
    const proposed = this.pairs.flatMap(({ problem, seed }) =>
      this.studies.get(`${arm} ${problem} ${seed}`).trials.slice(1),
    );
    return {
      failed: mean(trials.map(({ loss }) => (loss === undefined ? 1 : 0))),
      repeated: mean(trials.map(({ isNew }) => (isNew ? 0 : 1))),
      seconds: quantile(
        proposed.map(({ seconds }) => seconds),
        0.5,
      ),
    };
  }

  #seedsOf(problem) {
    const seeds = [
      ...new Set([...this.studies.values()].filter((study) => study.problem === problem).map(({ seed }) => seed)),
    ];
    return seeds.filter((seed) => this.arms.every((arm) => this.studies.has(`${arm} ${problem} ${seed}`)));
  }

  #byProblem(measure) {
    return this.problems.map((problem) => this.seeds.get(problem).map((seed) => measure({ problem, seed })));
  }
}

/** After each trial, the true loss of the configuration that looked best. A study that ended early keeps its last. */
export function incumbentCurve(trials, length) {
  let best = { loss: Number.POSITIVE_INFINITY, true: Number.POSITIVE_INFINITY };
  return Array.from({ length }, (_, index) => {
    const trial = trials[index];
    if (trial?.loss !== undefined && trial.loss < best.loss) best = trial;
    return best.true ?? best.loss;
  });
}

function meanOfMeans(groups) {
  return mean(groups.map(mean));
}
