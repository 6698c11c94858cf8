import { improvement } from '../../../study/objective.ts';
import type { CurveDigest } from '../../../study/trial.ts';
import { describeCurve } from '../../../study/trial-line.ts';
import type { OfflineAnswer } from './answer.ts';
import { curve, outcome, readBlock, trialBlock } from './blocks.ts';
import type { Conversation } from './conversation.ts';

/** Carries out a trial with the four tools, then tells of it. */
export function carryOut(conversation: Conversation): OfflineAnswer {
  const { hyperparameters } = readBlock(conversation, 'trial', trialBlock);
  const called = new Set(conversation.calls.map(({ name }) => name));
  if (!called.has('WriteConfigs'))
    return {
      text: '',
      calls: [
        { name: 'ReadConfigs', args: {} },
        { name: 'WriteConfigs', args: { hyperparameters } },
      ],
    };
  if (!called.has('ExecutePythonFile'))
    return {
      text: '',
      calls: [
        { name: 'ExecutePythonFile', args: {} },
        { name: 'LoadTrainingLogs', args: {} },
      ],
    };
  const answerOf = (tool: string) => conversation.answers.findLast(({ name }) => name === tool)?.content;
  const digest = answerOf('LoadTrainingLogs')?.['digest'];
  return tell('trial', conversation, outcome.parse(answerOf('ExecutePythonFile')), digest);
}

/** Tells of a finished trial from its result block. */
export function tellResult(conversation: Conversation): OfflineAnswer {
  const result = readBlock(conversation, 'result', outcome);
  return tell('result', conversation, result, conversation.blocks.get('result')?.['curve']);
}

interface Outcome {
  readonly state: string;
  readonly value?: number | undefined;
  readonly failure?: { readonly cause: string; readonly message: string } | undefined;
}

function tell(
  block: string,
  conversation: Conversation,
  { state, value, failure }: Outcome,
  digest: unknown,
): OfflineAnswer {
  const { objective, incumbent } = readBlock(conversation, block, trialBlock);
  if (value === undefined || failure !== undefined)
    return {
      text: `Computed: ${state}${failure === undefined ? '' : `, ${failure.cause}: ${failure.message}`}.`,
      calls: [],
    };
  const parsed = curve.safeParse(digest);
  const sentences = [
    `Computed: ${objective.metric} = ${digits(value)}${comparison(value, incumbent, objective.direction)}.`,
    parsed.success ? trajectory(parsed.data) : undefined,
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

function trajectory(digest: CurveDigest): string | undefined {
  if (digest.points < 2) return undefined;
  return `From ${digits(digest.first)} to ${digits(digest.last)} over ${digest.points} rows; ${describeCurve(digest)}.`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
