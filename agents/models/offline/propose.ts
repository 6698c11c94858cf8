import { bestOf } from '../../../samplers/best-of.ts';
import { chooseByModel } from '../../../samplers/choose-by-model.ts';
import type { Posterior } from '../../../samplers/gp/posterior.ts';
import { triedBy } from '../../../samplers/one-by-one.ts';
import { toReadable } from '../../../samplers/readable.ts';
import type { Observation } from '../../../samplers/sampler.ts';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import { type Direction, toLoss } from '../../../study/objective.ts';
import { createRandom } from '../../../study/random.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import type { Expectation } from '../../../study/trial.ts';
import { explain } from './explain.ts';
import { createPrior, type Prior } from './prior.ts';
import { simplify } from './simplify.ts';

/** A trial as the offline model reads it from the experiment log. */
export interface OfflineObservation {
  readonly hyperparameters: Hyperparameters;
  /** The objective’s value in the metric’s own unit; null for a trial without one (failed, timed out, infeasible). */
  readonly value: number | null;
}

export interface OfflineRequest {
  readonly space: SearchSpace;
  readonly observations: readonly OfflineObservation[];
  /** Of another study of the same task: learned from, never counted as tried in this one, nor based on. */
  readonly earlier?: readonly OfflineObservation[];
  readonly pending: readonly Hyperparameters[];
  /** Tried under another version of the code: never proposed again, and nothing is learned from them. */
  readonly excluded?: readonly Hyperparameters[];
  readonly direction: Direction;
  readonly seed: number;
  /** The standard deviation between trainings of one configuration, where repeats measured it; in the metric’s unit. */
  readonly noise?: number;
  /** The number of the trial that is proposed. */
  readonly trial: number;
}

export interface OfflineProposal {
  readonly hyperparameters: Hyperparameters;
  /** What `reasons` compare with: the task’s defaults, or the observation with this index. */
  readonly basedOn: 'default' | number;
  /** For exactly the names whose values differ from `basedOn` (changed, added or gone). */
  readonly reasons: Readonly<Record<string, string>>;
  readonly rationale: string;
  readonly expects?: Expectation;
  readonly intent: 'explore' | 'exploit';
}

/** How a configuration was found; what the explanation is made from. */
export interface Choice {
  readonly how: 'rules' | 'model' | 'space-filling';
  readonly hyperparameters: Hyperparameters;
  readonly posterior?: Posterior;
}

/**
 * What the offline model would try next: the task’s defaults moved to what is generally usual, then the Gaussian
 * process’s expected improvement weighted by a fading prior. Deterministic under (seed, trial). Undefined when the space is used up.
 */
export function proposeOffline(request: OfflineRequest): OfflineProposal | undefined {
  const { space, direction, earlier = [] } = request;
  const observations = [
    ...earlier.map((each) => ({ ...toObservation(each, direction), isEarlier: true })),
    ...request.observations.map((each) => toObservation(each, direction)),
  ];
  const prior = createPrior(space);
  const choice = choose(request, observations, prior);
  return choice === undefined ? undefined : explain(choice, request, prior);
}

/** As a sampler sees it. */
export function toObservation({ hyperparameters, value }: OfflineObservation, direction: Direction): Observation {
  return { hyperparameters, loss: value === null ? null : toLoss(value, direction) };
}

function choose(
  { space, pending, excluded, noise, seed, trial }: OfflineRequest,
  observations: readonly Observation[],
  prior: Prior,
): Choice | undefined {
  const random = createRandom(seed, 'offline', trial);
  const tried = triedBy({ space, observations, pending, excluded });
  const usual = toReadable(space, prior.mode);
  const isFirstTime = !observations.some(({ isEarlier }) => isEarlier);
  if (isFirstTime && prior.knowsAnything && !tried.has(usual)) return { how: 'rules', hyperparameters: usual };
  const found = chooseByModel({
    space,
    observations,
    pending,
    ...(noise !== undefined && { noise }),
    random,
    tried,
    knowledge: prior.logWeight,
    alsoAround: prior.mode,
  });
  if (found === undefined) return undefined;
  const { posterior, score } = found;
  const isAcceptable = (values: Hyperparameters) => space.violations(values).length === 0 && !tried.has(values);
  if (posterior === undefined)
    return { how: 'space-filling', hyperparameters: readableOf(found.hyperparameters, space, isAcceptable) };
  const incumbent = bestOf(observations, 1)[0] ?? space.defaults();
  const simple = simplify(found.hyperparameters, incumbent, score, isAcceptable);
  return { how: 'model', hyperparameters: readableOf(simple, space, isAcceptable), posterior };
}

function readableOf(
  values: Hyperparameters,
  space: SearchSpace,
  isAcceptable: (values: Hyperparameters) => boolean,
): Hyperparameters {
  const readable = toReadable(space, values);
  return isAcceptable(readable) ? readable : values;
}
