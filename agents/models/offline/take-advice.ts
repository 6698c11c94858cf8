import { fadingPrior, trustIn } from '../../../samplers/fading-prior.ts';
import { toReadable } from '../../../samplers/readable.ts';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import { type Direction, standing, toLoss } from '../../../study/objective.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import { differingNames, type Prediction } from '../../../study/trial.ts';
import { createPrior } from './prior.ts';
import { type OfflineObservation, toObservation } from './propose.ts';

/** A configuration with what the optimiser’s tools say of it. */
export interface Judged {
  readonly hyperparameters: Hyperparameters;
  readonly predicted: Prediction;
  /** Of beating the incumbent, in [0, 1]. */
  readonly chance: number;
}

export interface Offered extends Judged {
  readonly number: number;
}

export interface AdviceRequest {
  readonly space: SearchSpace;
  readonly direction: Direction;
  readonly observations: readonly OfflineObservation[];
  /** At least one, the optimiser’s own choice first. */
  readonly offered: readonly Offered[];
  /** Configurations of one’s own that the optimiser has judged; empty where none may be taken. */
  readonly own: readonly Judged[];
}

/** Candidates that are compared with what is usual. */
const ADAPTED_CANDIDATES = 2;
/** By how much (a logarithm) a change must make a configuration more usual to be worth asking about. */
const CONFIDENT = 0.7;
/** A smaller chance is not told from none. */
const LEAST_CHANCE = 0.01;
/** From this chance on a trial is meant to win; below it, to learn. */
const EVEN = 0.5;

/**
 * The configurations that general knowledge would rather try, `most` at most: candidates with their one least usual
 * value replaced by the usual one, and what is usual throughout. Nothing where it knows nothing of these parameters.
 */
export function ownIdeas(space: SearchSpace, offered: readonly Offered[], most: number): Hyperparameters[] {
  const prior = createPrior(space);
  if (!prior.knowsAnything) return [];
  const usual = toReadable(space, prior.mode);
  const changed = offered.slice(0, ADAPTED_CANDIDATES).flatMap(({ hyperparameters }) =>
    Object.keys(hyperparameters)
      .filter((name) => name in usual)
      .map((name) => space.onlyActive({ ...usual, ...hyperparameters, [name]: usual[name] ?? null }))
      .filter((values) => space.violations(values).length === 0)
      .map((values) => ({ values, gain: prior.logWeight(values) - prior.logWeight(hyperparameters) })),
  );
  const confident = changed.filter(({ gain }) => gain > CONFIDENT).toSorted((a, b) => b.gain - a.gain);
  return [usual, ...confident.map(({ values }) => values)].slice(0, most);
}

/**
 * Adopts the optimiser’s own choice, or what general knowledge makes of it: where the optimiser gives that no smaller a
 * chance than the knowledge is worth, which the trials decide. Answers the arguments of ProposeTrial; owns no model of the
 * trials itself.
 */
export function takeAdvice({ space, direction, offered, own, ...request }: AdviceRequest): Record<string, unknown> {
  const [first] = offered;
  if (first === undefined) throw new Error('there is no candidate to take');
  const observations = request.observations.map((each) => toObservation(each, direction));
  const prior = createPrior(space);
  const knowledge = fadingPrior(prior.logWeight, observations, trustIn(prior.logWeight, observations));
  const score = ({ hyperparameters, chance }: Judged) =>
    Math.log(Math.max(chance, LEAST_CHANCE)) + knowledge(hyperparameters);
  const chosen = own.reduce<Judged>((a, b) => (score(b) > score(a) ? b : a), first);
  const losses = observations.flatMap(({ loss }) => loss ?? []);
  const best = losses.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const expects = { value: chosen.predicted.value, outcome: outcomeOf(chosen.predicted, best, direction) };
  return { ...argumentsFor(chosen, offered, prior), expects, intent: chosen.chance > EVEN ? 'exploit' : 'explore' };
}

function outcomeOf({ value }: Prediction, bestLoss: number, direction: Direction) {
  return Number.isFinite(bestLoss) ? standing(value, toLoss(bestLoss, direction), direction) : 'better';
}

function argumentsFor(
  chosen: Judged,
  offered: readonly Offered[],
  prior: ReturnType<typeof createPrior>,
): Record<string, unknown> {
  const candidate = nearestOf(chosen.hyperparameters, offered);
  const changed = differingNames(chosen.hyperparameters, candidate.hyperparameters);
  const predicted = `predicted ${shown(chosen.predicted)}`;
  if (changed.length === 0)
    return {
      candidate: candidate.number,
      rationale: `Computed: candidate ${candidate.number} as it is; ${predicted}.`,
    };
  const reasonFor = (name: string) => {
    const rule = prior.ruleFor(name, chosen.hyperparameters, candidate.hyperparameters);
    return `Computed: ${rule === undefined ? 'usual here' : `general rule: ${rule}`}.`;
  };
  return {
    candidate: candidate.number,
    hyperparameters: chosen.hyperparameters,
    reasons: Object.fromEntries(changed.map((name) => [name, reasonFor(name)])),
    rationale: `Computed: candidate ${candidate.number} with what is usual for ${changed.join(', ')}; ${predicted} against ${shown(candidate.predicted)}.`,
  };
}

function nearestOf(values: Hyperparameters, offered: readonly Offered[]): Offered {
  const changes = (each: Offered) => differingNames(values, each.hyperparameters).length;
  return offered.reduce((a, b) => (changes(b) < changes(a) ? b : a));
}

function shown({ value, low, high }: Prediction): string {
  return `${number(value)} (${number(low)} … ${number(high)})`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
