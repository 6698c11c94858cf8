import type { Argument, Command, Option } from 'commander';

/** One way to go on with the word that is being typed. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

export interface CompletionRequest {
  readonly program: Command;
  /** The words behind `agenthpo`; the last is being typed and may be empty. */
  readonly words: readonly string[];
  /** What is known of a value that has no fixed choices; `positional`: the command’s arguments so far. */
  readonly known: (kind: string, typed: string, positional: readonly string[]) => readonly Candidate[];
}

/** How the last word may go on: commands, options, their choices, and whatever `known` knows. Empty: ask the file system. */
export function candidatesFor({ program, words, known }: CompletionRequest): Candidate[] {
  const typed = words.at(-1) ?? '';
  const [name, ...earlier] = words.slice(0, -1).filter((word) => word !== '=');
  if (name === undefined) return startingWith(typed, typed.startsWith('-') ? optionsOf(program) : commandsOf(program));
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) return [];
  const { positional, awaiting } = readWords(command, earlier);
  const valuesOf = (of: Option | Argument, text: string) =>
    startingWith(text, of.argChoices?.map(toCandidate) ?? known(kindOf(of), text, positional));
  // bash hands over `--strategy=ra` as three words, of which the filter above has taken the middle one.
  if (awaiting !== undefined) return valuesOf(awaiting, typed === '=' ? '' : typed);
  const [, flag, value] = /^(--[\w-]+)=(.*)$/.exec(typed) ?? [];
  const assigned = command.options.find((each) => each.long === flag && takesValue(each));
  if (assigned !== undefined)
    return valuesOf(assigned, value ?? '').map((each) => ({ ...each, value: `${flag}=${each.value}` }));
  if (typed.startsWith('-')) return startingWith(typed, optionsOf(command));
  const argument = argumentAt(command, positional.length);
  return argument === undefined ? [] : valuesOf(argument, typed);
}

/** The arguments among the words, and the option that still waits for its value. */
function readWords(command: Command, words: readonly string[]): { positional: string[]; awaiting?: Option } {
  const positional: string[] = [];
  let awaiting: Option | undefined;
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word.startsWith('-'))
      awaiting = command.options.find((each) => [each.short, each.long].includes(word) && takesValue(each));
    else positional.push(word);
  }
  return { positional, ...(awaiting !== undefined && { awaiting }) };
}

function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** An argument’s name or an option’s, `task` or `baseUrl`. */
function kindOf(of: Option | Argument): string {
  return 'attributeName' in of ? of.attributeName() : of.name();
}

function commandsOf(program: Command): Candidate[] {
  const { commands } = program;
  return commands.map((each) => ({ value: each.name(), description: each.description() }));
}

function optionsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleOptions(command);
  return visible.flatMap(({ long, description }) => (typeof long === 'string' ? [{ value: long, description }] : []));
}

function toCandidate(value: string): Candidate {
  return { value, description: '' };
}

function startingWith(typed: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}
