import { fadingPrior, trustIn } from '../../../samplers/fading-prior.ts';
import { logExpectedImprovement } from '../../../samplers/gp/expected-improvement.ts';
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
 * Adopts, adapts or overrules: the highest expected improvement by what the tools predict, weighted by general knowledge
 * as long as the trials bear it out. Answers the arguments of ProposeTrial; owns no model of the trials itself.
 */
export function takeAdvice(request: AdviceRequest): Record<string, unknown> {
  const { space, direction, offered, own } = request;
  const observations = request.observations.map((each) => toObservation(each, direction));
  const [first, ...others] = offered;
  if (first === undefined) throw new Error('there is no candidate to take');
  const prior = createPrior(space);
  const knowledge = fadingPrior(prior.logWeight, observations, trustIn(prior.logWeight, observations));
  const losses = observations.flatMap(({ loss }) => loss ?? []);
  const best = losses.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const score = ({ hyperparameters, predicted: { value, low, high } }: Judged) => {
    const deviation = Math.max((high - low) / 2, Number.EPSILON * Math.abs(best), Number.MIN_VALUE);
    return logExpectedImprovement(toLoss(value, direction), deviation, best) + knowledge(hyperparameters);
  };
  const choices = prior.knowsAnything && losses.length > 0 ? [...others, ...own] : [];
  const chosen = choices.reduce<Judged>((a, b) => (score(b) > score(a) ? b : a), first);
  const expects = { value: chosen.predicted.value, outcome: outcomeOf(chosen.predicted, best, direction) };
  return { ...argumentsFor(chosen, request, prior), expects, intent: intentOf(chosen, first) };
}

function outcomeOf({ value }: Prediction, bestLoss: number, direction: Direction) {
  return Number.isFinite(bestLoss) ? standing(value, toLoss(bestLoss, direction), direction) : 'better';
}

/** A wider prediction than that of the optimiser’s own choice is a look at what is less known. */
function intentOf({ predicted }: Judged, first: Judged): 'explore' | 'exploit' {
  return predicted.high - predicted.low > first.predicted.high - first.predicted.low ? 'explore' : 'exploit';
}

function argumentsFor(
  chosen: Judged,
  { offered }: AdviceRequest,
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
