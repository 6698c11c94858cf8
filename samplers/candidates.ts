import type { Hyperparameters } from '../study/hyperparameter.ts';
import { bestOf } from './best-of.ts';
import { fadingCaution } from './fading-prior.ts';
import { maximizeOver } from './maximize.ts';
import { triedBy } from './one-by-one.ts';
import { createOutcomeModel, improvementChance, type OutcomeModel, type PredictedOutcome } from './predict-outcomes.ts';
import type { SamplerRequest } from './sampler.ts';

/** What candidates are made from: a sampler’s request without a count. */
export interface CandidateRequest extends Omit<SamplerRequest, 'count' | 'seed'> {
  /** Leaves out the one that stands for uncertainty alone. */
  readonly likelyOnly?: boolean;
}

/**
 * What a candidate stands for: the highest expected improvement (what the sampler itself would try), the best predicted
 * loss, the least certain configuration with a fair chance, the most promising one near the best trial; behind those,
 * the highest expected improvement once all earlier candidates are under way.
 */
export type CandidateRole = 'most-improvement' | 'best-mean' | 'most-uncertain' | 'near-incumbent' | 'next-improvement';

/** A configuration worth a trial, and what is expected of it. */
export interface Candidate {
  readonly hyperparameters: Hyperparameters;
  /** At least one; several where the searches for them came to (nearly) the same configuration. */
  readonly roles: readonly CandidateRole[];
  readonly predicted: PredictedOutcome;
}

/** Two candidates closer than this share of the ranges would teach the same. */
const NEARLY_SAME = 0.02;

/** What lack of room takes from a logarithm of expected improvement: more than any difference between two of them that matters. */
const CROWDED = 100;

/** A further candidate keeps so far, as a share of the ranges, from all before it. */
const DIVERSE = 0.05;

/** How far “near the best trial” reaches, as a share of the ranges. */
const NEAR = 0.1;

/** With a smaller chance to improve than this, uncertainty alone is no reason for a trial. */
const FAIR_CHANCE = 0.1;

/**
 * `count` (at least 1) untried configurations that trade off what a Gaussian process expects of them against how sure it
 * is, the sampler’s own choice first. Empty while there are too few values for a model (see `predictOutcomes`); fewer
 * only when nothing is left to try that would teach something else.
 */
export function suggestCandidates(request: CandidateRequest, count: number): Candidate[] {
  const model = createOutcomeModel(request);
  if (model === undefined) return [];
  const { space, random, observations, likelyOnly = false } = request;
  const around = [...(model.incumbent === undefined ? [] : [model.incumbent]), ...bestOf(observations, 3)];
  const tried = triedBy(request);
  const candidates: Candidate[] = [];
  const find = (role: CandidateRole, score: Score): Candidate | undefined => {
    const hyperparameters = maximizeOver({ space, random, tried, score, around });
    if (hyperparameters === undefined) return undefined;
    tried.add(hyperparameters);
    return { hyperparameters, roles: [role], predicted: model.predict(hyperparameters) };
  };
  const caution = fadingCaution(space, observations);
  for (const [role, score] of rolesOf(model, caution)) {
    if (candidates.length === count) break;
    if (likelyOnly && role === 'most-uncertain') continue;
    const found = find(role, score);
    if (found !== undefined) addOrMerge(found, candidates, model);
  }
  while (candidates.length < count) {
    const underWay = candidates.reduce((all, each) => all.withPending(each.hyperparameters), model.posterior);
    const room = (values: Hyperparameters) => roomAround(values, candidates, model);
    const found = find('next-improvement', (values) => underWay.logImprovement(values) - CROWDED * (1 - room(values)));
    if (found === undefined || room(found.hyperparameters) < 1) break;
    candidates.push(found);
  }
  return candidates;
}

/** 1 where every candidate is far enough, down to 0 where one is the same. */
function roomAround(values: Hyperparameters, candidates: readonly Candidate[], { apart }: OutcomeModel): number {
  return Math.min(1, ...candidates.map(({ hyperparameters }) => apart(hyperparameters, values) / DIVERSE));
}

type Score = (values: Hyperparameters) => number;

/** One that is nearly another would teach the same: the other then plays both roles. */
function addOrMerge(found: Candidate, candidates: Candidate[], { apart }: OutcomeModel): void {
  const twin = candidates.findIndex((each) => apart(each.hyperparameters, found.hyperparameters) < NEARLY_SAME);
  const other = candidates[twin];
  if (other === undefined) candidates.push(found);
  else candidates[twin] = { ...other, roles: [...other.roles, ...found.roles] };
}

function rolesOf({ posterior, incumbent, apart }: OutcomeModel, caution: Score): readonly [CandidateRole, Score][] {
  const { predict, logImprovement } = posterior;
  return [
    ['most-improvement', (values) => logImprovement(values) + caution(values)],
    ['best-mean', (values) => -predict(values).mean],
    [
      'most-uncertain',
      (values) => {
        const shortfall = improvementChance(posterior, values) / FAIR_CHANCE + Number.MIN_VALUE;
        return Math.log(predict(values).deviation) + Math.min(0, Math.log(shortfall));
      },
    ],
    [
      'near-incumbent',
      (values) => logImprovement(values) - (incumbent === undefined ? 0 : (apart(incumbent, values) / NEAR) ** 2),
    ],
  ];
}
