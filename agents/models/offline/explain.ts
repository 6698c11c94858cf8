import type { Posterior } from '../../../samplers/gp/posterior.ts';
import type { Hyperparameters, HyperparameterValue } from '../../../study/hyperparameter.ts';
import type { Direction } from '../../../study/objective.ts';
import { isBetter, standing } from '../../../study/objective.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import { differingNames, type Expectation } from '../../../study/trial.ts';
import type { Prior } from './prior.ts';
import type { Choice, OfflineProposal, OfflineRequest } from './propose.ts';

/** A prediction in the metric’s own unit: the middle, and the range of one standard deviation on either side. */
interface Predicted {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Puts a computed choice into words: facts and rules, each labelled as such, nothing that sounds like thought. */
export function explain(choice: Choice, request: OfflineRequest, prior: Prior): OfflineProposal {
  const { hyperparameters, posterior } = choice;
  const basedOn = posterior === undefined ? 'default' : bestIndex(request);
  const base = basedOn === 'default' ? request.space.defaults() : hyperparametersAt(request, basedOn);
  const predictor = posterior === undefined ? undefined : createPredictor(posterior, request.direction);
  const expectation = expectationOf(choice, predictor, request, basedOn);
  return {
    hyperparameters,
    basedOn,
    reasons: Object.fromEntries(
      differingNames(hyperparameters, base).map((name) => [
        name,
        reasonFor(name, { hyperparameters, base, space: request.space, prior, predictor }),
      ]),
    ),
    rationale: rationaleOf(choice, request, predictor, basedOn),
    ...(expectation !== undefined && { expects: expectation }),
    intent: intentOf(choice),
  };
}

type Predictor = (values: Hyperparameters) => Predicted;

function createPredictor(posterior: Posterior, direction: Direction): Predictor {
  const toValue = (warped: number) => (direction === 'minimize' ? 1 : -1) * posterior.toLoss(warped);
  return (values) => {
    const { mean, deviation } = posterior.predict(values);
    const ends = [toValue(mean - deviation), toValue(mean + deviation)];
    return { value: toValue(mean), low: Math.min(...ends), high: Math.max(...ends) };
  };
}

function bestIndex({ observations, direction }: OfflineRequest): number | 'default' {
  let best: number | undefined;
  observations.forEach(({ value }, index) => {
    const champion = best === undefined ? undefined : observations[best]?.value;
    if (value !== null && (champion == null || isBetter(value, champion, direction))) best = index;
  });
  return best ?? 'default';
}

function hyperparametersAt({ observations }: OfflineRequest, index: number): Hyperparameters {
  return observations[index]?.hyperparameters ?? {};
}

interface Comparison {
  readonly hyperparameters: Hyperparameters;
  readonly base: Hyperparameters;
  readonly space: SearchSpace;
  readonly prior: Prior;
  readonly predictor: Predictor | undefined;
}

function reasonFor(name: string, comparison: Comparison): string {
  const { hyperparameters, base, space, prior } = comparison;
  if (!(name in hyperparameters)) return `Computed: no longer active (${conditionOf(name, space)}).`;
  const rule = prior.ruleFor(name, hyperparameters, base);
  const parts = [aloneFor(name, comparison), rule === undefined ? undefined : `general rule: ${rule}`];
  const said = parts.filter((part) => part !== undefined);
  return `Computed: ${said.length > 0 ? said.join('; ') : newlyActive(name, comparison)}.`;
}

/** What the model predicts for the base with this one value changed; undefined where that is no configuration. */
function aloneFor(name: string, { hyperparameters, base, space, predictor }: Comparison): string | undefined {
  if (predictor === undefined || !(name in base)) return undefined;
  const alone = { ...base, [name]: hyperparameters[name] ?? null };
  if (space.violations(alone).length > 0) return undefined;
  return `this change alone is predicted at ${shown(predictor(alone))} against ${number(predictor(base).value)} without it`;
}

function newlyActive(name: string, { base, space, predictor }: Comparison): string {
  if (!(name in base)) return `newly active (${conditionOf(name, space)})`;
  if (predictor === undefined) return 'nothing is known about this parameter yet; a point away from what was tried';
  return 'changes only together with the others, as the whole was predicted';
}

function conditionOf(name: string, space: SearchSpace): string {
  const parents = Object.entries(space.get(name)?.when ?? {});
  const said = parents.map(([parent, values]) => `${parent} is ${values.map((each) => shownValue(each)).join(' or ')}`);
  return `it applies only when ${said.join(' and ')}`;
}

function rationaleOf(
  choice: Choice,
  { observations, space }: OfflineRequest,
  predictor: Predictor | undefined,
  basedOn: number | 'default',
): string {
  if (choice.how === 'rules')
    return 'Computed from general rules: the defaults moved to what is usual, before there is anything to learn from.';
  if (predictor === undefined)
    return `Computed: a point away from those tried; ${observations.length} ${observations.length === 1 ? 'trial is' : 'trials are'} too few for a model.`;
  const base = basedOn === 'default' ? space.defaults() : (observations[basedOn]?.hyperparameters ?? {});
  const observed = basedOn === 'default' ? null : (observations[basedOn]?.value ?? null);
  const aim =
    intentOf(choice) === 'explore'
      ? 'tries where little is known'
      : `refines near the ${basedOn === 'default' ? 'defaults' : 'best'}`;
  // One line of a terminal, its aim first: a reader sees a dozen of these below each other.
  return `Computed: ${aim}; predicted ${shown(predictor(choice.hyperparameters))} against ${number(observed ?? predictor(base).value)}.`;
}

/** What the model foretells, beside the value of the trial it starts from: the outcome follows from the value. */
function expectationOf(
  { how, hyperparameters, posterior }: Choice,
  predictor: Predictor | undefined,
  { observations, direction, space }: OfflineRequest,
  basedOn: number | 'default',
): Expectation | undefined {
  if (posterior === undefined || predictor === undefined) return how === 'rules' ? { outcome: 'better' } : undefined;
  const observed = basedOn === 'default' ? null : observations[basedOn]?.value;
  const { value } = predictor(hyperparameters);
  if (!Number.isFinite(value)) return undefined;
  return { outcome: standing(value, observed ?? predictor(space.defaults()).value, direction), value };
}

/** Above this, in standard deviations of the warped losses, a point lies where little has been tried. */
const UNSURE = 0.5;

function intentOf({ posterior, hyperparameters }: Choice): 'explore' | 'exploit' {
  if (posterior === undefined) return 'explore';
  return posterior.predict(hyperparameters).deviation > UNSURE ? 'explore' : 'exploit';
}

function shown({ value, low, high }: Predicted): string {
  return `${number(value)} (${number(low)} … ${number(high)})`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function shownValue(value: HyperparameterValue): string {
  return JSON.stringify(value);
}
