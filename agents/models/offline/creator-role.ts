import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Hyperparameters } from '../../../study/hyperparameter.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import { isFinal } from '../../../study/trial.ts';
import type { OfflineAnswer } from './answer.ts';
import { earlierBlock, readBlock, readTask, rowsAnswer, turnBlock } from './blocks.ts';
import type { Conversation } from './conversation.ts';
import { judgedIn, questions, readOffer } from './offer.ts';
import { type OfflineObservation, proposeOffline } from './propose.ts';
import { takeAdvice } from './take-advice.ts';

/** Rows that one call of LoadExperimentLogs answers at most. */
const PAGE = 50;

type Row = z.infer<typeof rowsAnswer>['rows'][number];

/**
 * Reads the whole log in pages, then proposes what an optimiser beside it offers, as it is or changed; without one what its
 * own finds. A refused point is left out of the next search.
 */
export function proposeNext(conversation: Conversation, seed: number): OfflineAnswer {
  const turn = readBlock(conversation, 'turn', turnBlock);
  const hasRead = conversation.calls.some(({ name }) => name === 'LoadExperimentLogs');
  const { space, direction } = readTask(conversation);
  const offer = readOffer(conversation, space);
  const looks = [
    ...(hasRead ? [] : pages(turn.counts.trials)),
    ...(offer === undefined ? [] : questions(conversation, offer, space)),
  ];
  if (looks.length > 0) return { text: '', calls: looks };
  // Another version of the code is another task: its values mean nothing here.
  const rows = rowsOf(conversation).filter(({ code }) => code === 'current');
  const ended = rows.filter(({ state }) => isFinal(state));
  const observations = ended.map((row) => ({ hyperparameters: row.hyperparameters, value: countedValue(row) }));
  if (offer !== undefined) {
    const own = judgedIn(conversation).filter((each) => !isRefused(each.hyperparameters, conversation));
    const args = takeAdvice({ space, direction, observations, offered: offer.candidates, own });
    return { text: '', calls: [{ name: 'ProposeTrial', args }] };
  }
  const proposal = proposeOffline({
    space,
    observations,
    earlier: earlierIn(conversation, space),
    pending: [
      ...rows.filter(({ state }) => !isFinal(state)).map((row) => row.hyperparameters),
      ...refused(conversation),
    ],
    direction,
    seed,
    trial: turn.trial,
    ...measuredNoise(turn),
  });
  if (proposal === undefined) return { text: 'No configuration of this space is left to try.', calls: [] };
  const { basedOn, expects = { outcome: 'similar' as const }, ...rest } = proposal;
  const base = basedOn === 'default' ? basedOn : (ended[basedOn]?.trial ?? 'default');
  return { text: '', calls: [{ name: 'ProposeTrial', args: { ...rest, expects, basedOn: base } }] };
}

/** Only what repeats measured: near neighbours and curves are guesses, which the model makes better by itself. */
function measuredNoise({ variation }: z.infer<typeof turnBlock>): { noise?: number } {
  return variation?.from === 'repeats' && variation.deviation > 0 ? { noise: variation.deviation } : {};
}

/** The best trials of the study that this one was started from. */
function earlierIn(conversation: Conversation, space: SearchSpace): OfflineObservation[] {
  if (!conversation.blocks.has('earlier')) return [];
  const { columns, lines } = readBlock(conversation, 'earlier', earlierBlock);
  return lines.map((line) => {
    const at = (name: string) => line[columns.indexOf(name)] ?? null;
    const values = Object.fromEntries(space.names.map((name) => [name, at(name)]));
    return { hyperparameters: space.onlyActive(values), value: Number(at('value')) };
  });
}

function pages(total: number): OfflineAnswer['calls'] {
  const count = Math.ceil(total / PAGE);
  return Array.from({ length: count }, (_, page) => ({
    name: 'LoadExperimentLogs',
    args: { from: 1 + page * PAGE, limit: PAGE },
  }));
}

function rowsOf({ answers }: Conversation): Row[] {
  return answers
    .filter(({ name, content }) => name === 'LoadExperimentLogs' && content !== undefined)
    .flatMap(({ content }) => rowsAnswer.parse(content).rows);
}

/** As a sampler sees it: only a complete trial that broke no constraint has a value. */
function countedValue({ state, value, brokenConstraints = [] }: Row): number | null {
  return state === 'complete' && brokenConstraints.length === 0 ? value : null;
}

function refused({ calls }: Conversation): Hyperparameters[] {
  const own = calls.filter(({ name }) => name === 'ProposeTrial');
  // This model’s own, valid words; a candidate that is taken as it is goes without values.
  return own
    .map(({ args }) => args['hyperparameters'] as Hyperparameters | undefined)
    .filter((values) => values !== undefined);
}

function isRefused(values: Hyperparameters, conversation: Conversation): boolean {
  return refused(conversation).some((each) => isDeepStrictEqual(each, values));
}
