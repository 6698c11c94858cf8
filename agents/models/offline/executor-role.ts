import type { z } from 'zod';
import { improvement } from '../../../study/objective.ts';
import type { OfflineAnswer } from './answer.ts';
import { outcome, readBlock, trialBlock } from './blocks.ts';
import type { Conversation } from './conversation.ts';

/** Carries out a trial with the four tools, then tells of it. */
export function carryOut(conversation: Conversation): OfflineAnswer {
  const { hyperparameters } = readBlock(conversation, 'trial', trialBlock);
  const ended = conversation.answers.findLast(({ name }) => name === 'ExecutePythonFile')?.content;
  if (ended !== undefined) return tell('trial', conversation, outcome.parse(ended));
  const hasWritten = conversation.calls.some(({ name }) => name === 'WriteConfigs');
  if (!hasWritten)
    return {
      text: '',
      calls: [
        { name: 'ReadConfigs', args: {} },
        { name: 'WriteConfigs', args: { hyperparameters } },
      ],
    };
  return {
    text: '',
    calls: [
      { name: 'ExecutePythonFile', args: {} },
      { name: 'LoadTrainingLogs', args: {} },
    ],
  };
}

/** Tells of a finished trial from its result block. */
export function tellResult(conversation: Conversation): OfflineAnswer {
  return tell('result', conversation, readBlock(conversation, 'result', outcome));
}

type Outcome = z.infer<typeof outcome>;

function tell(block: string, conversation: Conversation, { state, value, failure, curve }: Outcome): OfflineAnswer {
  const { objective, incumbent } = readBlock(conversation, block, trialBlock);
  if (value === undefined || failure !== undefined)
    return {
      text: `Computed: ${state}${failure === undefined ? '' : `, ${failure.cause}: ${failure.message}`}.`,
      calls: [],
    };
  const sentences = [
    `Computed: ${objective.metric} = ${digits(value)}${comparison(value, incumbent, objective.direction)}.`,
    curve && trajectory(curve, value),
  ];
  return { text: sentences.filter((sentence) => sentence !== undefined).join(' '), calls: [] };
}

function comparison(
  value: number,
  incumbent: { trial: number; value: number } | undefined,
  direction: 'minimize' | 'maximize',
): string {
  if (incumbent === undefined) return ', the first value of the study';
  const gain = improvement(value, incumbent.value, direction);
  const word = gain > 0 ? 'better than' : gain < 0 ? 'worse than' : 'equal to';
  return `, ${word} the incumbent’s ${digits(incumbent.value)} (trial ${incumbent.trial})`;
}

function trajectory(
  { sample, first = sample[0]?.[1], last, bestStep, lastStep, notes }: NonNullable<Outcome['curve']>,
  value: number,
): string | undefined {
  const shape = [`best at ${bestStep} of ${lastStep}`, ...notes].join(', ');
  return first === undefined ? undefined : `From ${digits(first)} to ${digits(last ?? value)}; ${shape}.`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
