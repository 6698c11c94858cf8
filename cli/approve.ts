import { completed, configurationProblems } from '../study/configuration-problems.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import { differingNames, type Hyperparameters, type Proposal } from '../study/trial.ts';
import { HINT_CHARACTERS } from '../study/user-inputs.ts';
import type { Approver, Decision } from '../study/with-approval.ts';
import type { Context } from './context.ts';
import { type Dialogue, isAskable, openDialogue } from './dialogue.ts';
import { parseSets } from './parse-sets.ts';
import type { Progress } from './progress/progress.ts';
import { describeProposal } from './proposal-words.ts';
import { cleanText } from './terminal-text.ts';

/** Throws `usage` when trials are to be approved and there is nobody to ask. `unasked`: the command that asks nobody. */
export function assertAskable(context: Context, unasked?: string): void {
  if (isAskable(context)) return;
  throw new AgentHpoError({
    code: 'usage',
    message: '--approve asks before each trial, and there is no terminal to ask on.',
    hint:
      unasked === undefined
        ? 'Leave --approve out; agenthpo hint and agenthpo suggest reach a study from elsewhere.'
        : `The study was begun so. On a terminal it goes on as it is; without being asked: ${unasked}`,
  });
}

/** Asks on the terminal before each proposed trial runs. The view is held meanwhile. */
export function askBeforeTrials(context: Context): (view: Pick<Progress, 'hold'>) => Approver {
  return (view) => async (proposal, history, signal) => {
    const release = view.hold();
    const dialogue = openDialogue(context);
    try {
      return await decide({ dialogue, proposal, history, signal, columns: context.stderr.columns || 80 });
    } finally {
      dialogue.close();
      release();
    }
  };
}

interface Question {
  readonly dialogue: Dialogue;
  readonly proposal: Proposal;
  readonly history: History;
  readonly signal: AbortSignal;
  readonly columns: number;
}

const QUESTION = 'Run it? [a]ccept, [e]dit, [r]eject, [s]top: ';
const CHOICES = ['accept', 'edit', 'reject', 'stop'] as const;

/** A choice by its letter or its word; undefined for anything else: “abort” accepts nothing. Without an end of input, `stop`. */
function readChoice(answer: string | undefined): (typeof CHOICES)[number] | undefined {
  if (answer === undefined) return 'stop';
  const typed = answer.trim().toLowerCase();
  return CHOICES.find((each) => typed === each || typed === each.slice(0, 1));
}

/** Shows the proposal and asks until there is a decision. An edited one is shown and asked about again. */
async function decide(question: Question): Promise<Decision> {
  const { dialogue, proposal, history, signal, columns } = question;
  let values = proposal.hyperparameters;
  for (const line of describeProposal({ proposal, values, history, columns })) dialogue.say(line);
  for (;;) {
    switch (readChoice(await dialogue.ask(QUESTION, signal))) {
      case 'accept':
        return values === proposal.hyperparameters ? { kind: 'accept' } : { kind: 'edit', hyperparameters: values };
      case 'edit':
        values = unlessSame(await edit(question, values), proposal.hyperparameters);
        for (const line of describeProposal({ proposal, values, history, columns })) dialogue.say(line);
        break;
      case 'reject':
        return { kind: 'reject', reason: await askReason(question) };
      case 'stop':
        return { kind: 'stop' };
      default:
        dialogue.say('  Type a, e, r or s, or the whole word.');
    }
  }
}

/** The proposal’s own values where an edit came back to them: then nothing was edited. */
function unlessSame(values: Hyperparameters, proposed: Hyperparameters): Hyperparameters {
  return differingNames(values, proposed).length === 0 ? proposed : values;
}

/** Asks for changes until they make a configuration that can be tried; without any, `values` stay. */
async function edit({ dialogue, history, signal }: Question, values: Hyperparameters): Promise<Hyperparameters> {
  for (;;) {
    const line = await dialogue.ask(`Values to change, such as ${example(values)} (Enter: none): `, signal);
    if (line === undefined || line === '') return values;
    const read = readChanges(line);
    const edited = typeof read === 'string' ? undefined : completed(read, values, history);
    const problems = edited === undefined ? [String(read)] : configurationProblems(edited, history);
    if (edited !== undefined && problems.length === 0) return edited;
    for (const problem of problems) dialogue.say(`  ${cleanText(problem)}`);
  }
}

/** `learning_rate=0.01 optimizer=sgd` as values by name, or what is wrong with it. A value may hold spaces. */
function readChanges(line: string): Hyperparameters | string {
  try {
    return parseSets(line.split(/[\s,]+(?=[^\s=,]+=)/));
  } catch (error) {
    if (error instanceof AgentHpoError) return 'Write name=value, several with a space between them.';
    throw error;
  }
}

function example(values: Hyperparameters): string {
  const [name, value] = Object.entries(values)[0] ?? ['name', 'value'];
  return cleanText(`${name}=${value}`);
}

async function askReason({ dialogue, signal }: Question): Promise<string> {
  const reason = await dialogue.ask('Why not? (who proposes reads it): ', signal);
  return (reason ?? '').slice(0, HINT_CHARACTERS);
}
