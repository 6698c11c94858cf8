import { parseBody } from '../parse-body.ts';
import { type ParsedArguments, parseArguments } from './parse-arguments.ts';
import { findTool } from './tool-name.ts';

/** A call in a form that a model was trained on elsewhere. */
export interface ForeignCall {
  /** The words before it. */
  readonly before: string;
  readonly name: string;
  readonly arguments: ParsedArguments;
}

/** Braces at which a call is looked for: prose may hold some before it, and a list of calls begins with its own. */
const BRACES = 8;
const NAME_CHARACTERS = 80;
const NAME_KEYS = ['name', 'tool', 'tool_name', 'action', 'function'];
const INPUT_KEYS = ['arguments', 'parameters', 'args', 'input', 'action_input', 'tool_input'];

/**
 * The first call that a text makes in another form than ours: `{"name": "ReadConfigs", "arguments": {…}}` alone, in a list,
 * in a tag or a fence (Hermes, Mistral, LangChain’s JSON agent), or `<function=ReadConfigs>…</function>` (Llama, Qwen).
 */
export function findForeignCall(said: string, toolNames: readonly string[]): ForeignCall | undefined {
  return taggedCall(said, toolNames) ?? objectCall(said, toolNames);
}

function objectCall(said: string, toolNames: readonly string[]): ForeignCall | undefined {
  let start = said.indexOf('{');
  for (let tries = 0; tries < BRACES && start !== -1; tries++, start = said.indexOf('{', start + 1)) {
    const object = parseArguments(said.slice(start));
    const given = object.kind === 'object' ? object.value : {};
    const written = NAME_KEYS.map((key) => given[key]).find((each) => typeof each === 'string');
    const name = typeof written === 'string' ? toolCalled(written, toolNames) : undefined;
    if (name !== undefined) return { before: said.slice(0, start), name, arguments: inputOf(given) };
  }
  return undefined;
}

function inputOf(given: Readonly<Record<string, unknown>>): ParsedArguments {
  const input = INPUT_KEYS.map((key) => given[key]).find((each) => each !== undefined && each !== null) ?? {};
  return parseArguments(typeof input === 'string' ? input : JSON.stringify(input));
}

function taggedCall(said: string, toolNames: readonly string[]): ForeignCall | undefined {
  const tag = /<function=([\w.-]{1,80})>/.exec(said);
  const name = tag?.[1] === undefined ? undefined : toolCalled(tag[1], toolNames);
  if (tag === null || name === undefined) return undefined;
  const body = upTo('</function>', said.slice(tag.index + tag[0].length));
  const [first = '', ...parameters] = body.split('<parameter=');
  const values = parameters.map((each): [string, unknown] => {
    const end = each.indexOf('>');
    return [each.slice(0, end), readValue(upTo('</parameter>', each.slice(end + 1)).trim())];
  });
  const given = values.length === 0 ? parseArguments(first) : undefined;
  return {
    before: said.slice(0, tag.index),
    name,
    arguments: given ?? { kind: 'object', value: Object.fromEntries(values) },
  };
}

/** What a parameter in tags says: JSON, an object in other words, or the text itself. */
function readValue(text: string): unknown {
  const json = parseBody(`{"value": ${text}}`);
  if (json !== undefined) return json['value'];
  const object = text.startsWith('{') ? parseArguments(text) : undefined;
  return object?.kind === 'object' ? object.value : text;
}

function upTo(end: string, text: string): string {
  const at = text.indexOf(end);
  return at === -1 ? text : text.slice(0, at);
}

/** A name, not a sentence that mentions one: prose about tools is no call. */
function toolCalled(written: string, toolNames: readonly string[]): string | undefined {
  return written.length <= NAME_CHARACTERS && !/\s/.test(written.trim()) ? findTool(written, toolNames) : undefined;
}
