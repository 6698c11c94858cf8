import type { OptunaAnswer, OptunaQuestion } from '../../runners/optuna/protocol.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { createRandom } from '../../study/random.ts';
import type { Proposer } from '../../study/roles.ts';
import type { OptunaSampler } from '../../study/strategy.ts';
import type { Proposal, Trial } from '../../study/trial.ts';
import { triedBy } from '../one-by-one.ts';
import { randomSampler } from '../random.ts';
import { createSamplerProposer } from '../sampler-proposer.ts';
import { nextNumber, type Seen, seenBy } from '../seen.ts';
import { trialsInWords } from '../trials-in-words.ts';
import { fromOptunaPoint, toOptunaParameters, toOptunaPoint } from './numbers.ts';

/** Points of which none was acceptable, before one is drawn at random instead. */
const MOST_POINTS = 5;

/** Optuna’s points for a study, one after the other. */
export type AskOptuna = (question: OptunaQuestion, signal: AbortSignal) => AsyncIterable<OptunaAnswer>;

export interface OptunaProposerDeps {
  readonly sampler: OptunaSampler;
  /** The study’s. */
  readonly seed: number;
  readonly ask: AskOptuna;
}

/**
 * One of Optuna’s samplers as a proposer. It is told the whole study each time, and what it proposes for trial n depends
 * on the history and on (seed, n) alone: a resumed study goes on as one that was never interrupted. A point that breaks a
 * constraint or was tried is sent back a bounded number of times; then one is drawn at random, marked as a fallback.
 */
export function createOptunaProposer({ sampler, seed, ask }: OptunaProposerDeps): Proposer {
  const origin = `optuna:${sampler}`;
  const random = createSamplerProposer({ sampler: randomSampler, seed });
  const proposeOne = async (history: History, pending: readonly Trial[], signal: AbortSignal): Promise<Proposal[]> => {
    const seen = seenBy(history, pending);
    const ownSeed = createRandom(seed, origin, nextNumber(history, pending)).int(0, 2 ** 31 - 1);
    const question = questionOf(history, seen, { sampler, seed: ownSeed });
    const refused: string[] = [];
    for await (const { point, how } of ask(question, signal)) {
      const found = judge(history, seen, fromOptunaPoint(history.space, point));
      if (typeof found !== 'string') {
        const rationale = `Computed by ${how}, from ${trialsInWords(seen.observations)}${again(refused)}.`;
        return [{ origin, hyperparameters: found, rationale, basedOn: 'default' }];
      }
      refused.push(found);
      if (refused.length === MOST_POINTS) break;
    }
    const drawn = await random.propose(history, pending, 1, signal);
    const rationale = `Drawn at random: ${MOST_POINTS} points of Optuna in turn could not be tried; the last one: ${refused.at(-1)}.`;
    return drawn.map((proposal) => ({ ...proposal, rationale, fallback: true }));
  };
  // One at a time: a study that is told whole cannot be told of what is proposed beside it.
  return { propose: (history, pending, _count, signal) => proposeOne(history, pending, signal) };
}

function questionOf(
  { space }: History,
  { observations, pending }: Seen,
  asked: Pick<OptunaQuestion, 'sampler' | 'seed'>,
): OptunaQuestion {
  return {
    ...asked,
    parameters: toOptunaParameters(space),
    trials: observations.map(({ hyperparameters, loss }) => ({ point: toOptunaPoint(space, hyperparameters), loss })),
    pending: pending.map((values) => toOptunaPoint(space, values)),
  };
}

/** The configuration, when it may be tried; else why not. */
function judge({ space }: History, seen: Seen, values: Readonly<Record<string, unknown>>): Hyperparameters | string {
  if (!isValid(space, values)) return space.violations(values).join('; ');
  return triedBy({ space, ...seen }).has(values) ? 'it was tried before' : values;
}

function isValid(space: History['space'], values: Readonly<Record<string, unknown>>): values is Hyperparameters {
  return space.violations(values).length === 0;
}

function again(refused: readonly string[]): string {
  const last = refused.at(-1);
  if (last === undefined) return '';
  return `; ${refused.length === 1 ? 'a point before it' : `${refused.length} points before it`} could not be tried: ${last}`;
}
