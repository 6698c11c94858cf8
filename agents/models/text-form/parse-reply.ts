import { withoutThinking } from '../without-thinking.ts';
import { findForeignCall } from './foreign-calls.ts';
import { type ParsedArguments, parseArguments } from './parse-arguments.ts';
import { findTool } from './tool-name.ts';

/** A reply in the text form (AgentHPO’s Thought / Action / Action Input), read. */
export interface ParsedReply {
  /** The words before the action, or the final answer. */
  readonly text: string;
  readonly call?: { readonly name: string; readonly arguments: ParsedArguments };
}

/**
 * A label at the start of a line, with whatever marks models put around it: `**Action:**`, `### Action`, `- Action :`.
 * Every part but the last is bounded and stays in its line: an endless row of blanks must not take endless time.
 */
const label = (name: string) => new RegExp(`^[ \\t>#*_-]{0,16}${name}[ \\t*_]{0,8}:[*_]{0,4}[^\\S\\n]*`, 'im');

const ACTION = label('Action');
const INPUT = label('Action[ _]?Input');
const ANSWER = label('Final[ _]Answer');
const OBSERVATION = label('Observation');
const THOUGHT = label('Thought');

/**
 * Reads one reply. Only the first action counts: what a model writes after it (an invented Observation, further actions,
 * an answer) it wrote without having seen a result. Text without an action is what it says.
 */
export function parseReply(reply: string, toolNames: readonly string[]): ParsedReply {
  // A model that forgot to end its thinking acted in it.
  const said = cutAt(withoutThinking(reply) || reply, OBSERVATION);
  const action = ACTION.exec(said);
  const answer = ANSWER.exec(said);
  if (answer !== null && !(action !== null && action.index < answer.index))
    return { text: said.slice(answer.index + answer[0].length).trim() };
  if (action === null) return foreignCall(said, toolNames) ?? { text: bare(said) };
  const rest = said.slice(action.index + action[0].length);
  const further = cutAt(cutAt(rest, ANSWER), ACTION, 1);
  const input = INPUT.exec(further);
  const named = input === null ? further : further.slice(0, input.index);
  const whole = input === null ? findForeignCall(named, toolNames) : undefined; // Action: {"name": …}
  if (whole !== undefined) return { text: bare(said.slice(0, action.index)), call: whole };
  return {
    text: bare(said.slice(0, action.index)),
    call: {
      name: toolName(named, toolNames),
      arguments: parseArguments(input === null ? afterName(named) : further.slice(input.index + input[0].length)),
    },
  };
}

/** A call in a form that the model was not asked for. */
function foreignCall(said: string, toolNames: readonly string[]): ParsedReply | undefined {
  const found = findForeignCall(said, toolNames);
  return found && { text: bare(found.before), call: { name: found.name, arguments: found.arguments } };
}

function bare(text: string): string {
  return text.replace(THOUGHT, '').trim();
}

function cutAt(text: string, mark: RegExp, from = 0): string {
  const found = mark.exec(text.slice(from));
  return found === null ? text : text.slice(0, from + found.index);
}

/** The tool that the words after `Action:` name: `WriteConfigs`, `` `writeconfigs` ``, `WriteConfigs({…})`, `call ReadConfigs`. */
function toolName(words: string, toolNames: readonly string[]): string {
  const line = words.split(/[\n({]/)[0] ?? '';
  return findTool(line, toolNames) ?? line.replaceAll(/[`*"'[\]]/g, ' ').trim();
}

/** The input of a call written as one: `WriteConfigs({"a": 1})`. */
function afterName(words: string): string {
  const brace = words.indexOf('{');
  return brace === -1 ? '' : words.slice(brace);
}
