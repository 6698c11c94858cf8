import type { Failure } from '../study/trial.ts';
import { packageOf } from './python-packages.ts';

/** What is known of a failed training beside its output; the words are those of its task. */
export interface TrainingFacts {
  readonly script: string;
  /** The config file it reads. */
  readonly config?: string;
  /** Words of `train.args`. */
  readonly args: readonly string[];
  /** Whether the task has a requirements file to add a package to. */
  readonly requirements?: string;
  /** The objective’s value that stood in the log all the same; undefined when there was none. */
  readonly recorded?: string;
}

/** A failure that is recognised by what the output says, and the one action that mends it. */
interface Rule {
  readonly pattern: RegExp;
  readonly hint: (found: readonly string[], facts: TrainingFacts) => string;
}

/** The first that matches decides, so the more particular stand first. */
const RULES: readonly Rule[] = [
  {
    pattern: /No module named '?([\w.]+)'?/,
    hint: ([, module = ''], { requirements, script }) => missingPackage(module, requirements, script),
  },
  {
    pattern: /cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'/,
    hint: ([, name, module = '']) =>
      `The "${module}" that is installed has no "${name}": ask for the version that has it in requirements.txt (${packageOf(module)}==…), or correct the import.`,
  },
  {
    // How the lookup os.environ['NAME'] ends a traceback; a KeyError of other code has other last lines.
    pattern: /(?:<frozen os>|[/\\]os\.py)", line \d+, in __getitem__\n(?:.*\n)?KeyError: '(\w+)'/,
    hint: ([, name]) =>
      `A training sees only the environment variables it needs to run. Set ${name} and list it in task.yaml: environment: { pass: [${name}] }.`,
  },
  {
    pattern: /FileNotFoundError.*?: '([^'\n]+)'/,
    hint: ([, path = '']) => missingFile(path),
  },
  {
    pattern: /error: the following arguments are required: (.+)/,
    hint: ([, names], { args, script }) =>
      `${script} demands ${names}, and task.yaml ${given(args)}. Add ${names} with a value to train.args, such as args: ${JSON.stringify(exampleArguments(args, names))}.`,
  },
  {
    pattern: /error: unrecognized arguments: (.+)/,
    hint: ([, words], { script }) =>
      `train.args in task.yaml gives ${script} what it does not know: ${words}. Correct that word to one the script’s usage line names, or take it out.`,
  },
  {
    pattern: /error: argument (\S+): (.+)/,
    hint: ([, name, problem], { script }) =>
      `${script} does not accept what train.args gives it as ${name} (${problem}): correct that word, or the hyperparameter’s range or choices in task.yaml.`,
  },
  {
    pattern: /sys\.argv[\s\S]*IndexError/,
    hint: (_, { args, script, config }) =>
      `${script} reads its command line (sys.argv) and finds too few words: task.yaml ${given(args)}. Put what it expects into train.args${config === undefined ? '' : `, such as args: "{config}" for the path of ${config}`}; {seed} and {hyperparameter} are filled in, too.`,
  },
  {
    pattern: /EOFError|EOF when reading a line/,
    hint: (_, { script }) =>
      `${script} waits for somebody to type (input()), and nobody does: take the answer from the config file or from train.args instead.`,
  },
  {
    pattern:
      /Torch not compiled with CUDA|Found no NVIDIA driver|No CUDA GPUs are available|CUDA driver version is insufficient|no CUDA-capable device|Attempting to deserialize object on a CUDA device|CUDA is not available/i,
    hint: (_, { script }) =>
      `${script} asks for a GPU, and there is none that it can use here. Let it choose: device = "cuda" if torch.cuda.is_available() else "cpu" (or set its device to cpu in the config).`,
  },
  {
    pattern: /Missing parentheses in call to 'print'/,
    hint: (_, { script }) =>
      `${script} is written for Python 2. Convert it (2to3 -w ${script}, or put parentheses around what print shows).`,
  },
  {
    pattern: /File "(.+?)", line (\d+)[\s\S]*?(SyntaxError|IndentationError|TabError): (.+)/,
    hint: ([, file = '', line, , problem = '']) =>
      /null bytes|Non-UTF-8|utf-8' codec/.test(problem)
        ? `Save ${fileName(file)} as UTF-8 text.`
        : `Correct ${fileName(file)} line ${line}; if that line is valid in a newer Python, name one with --python.`,
  },
  {
    pattern: /UnicodeDecodeError/,
    hint: () => 'Save the file that the script reads there as UTF-8, or let it open the file with encoding=….',
  },
  {
    pattern: /(?:PermissionError|Read-only file system).*?: '([^'\n]+)'/,
    hint: ([, path]) =>
      `The script may not write ${path}. Let it write relative paths: its working directory is a folder of the trial’s own.`,
  },
  {
    pattern: /(?:URLError|HTTPError|ConnectionError|ConnectionRefusedError|name resolution|Network is unreachable)/,
    hint: () =>
      'The script could not reach the network. Download once what it needs, and keep it in the task’s data/ folder; with --sandbox only a task that says environment: { network: true } has network.',
  },
  {
    pattern: /KeyError: '([^'\n]+)'/,
    hint: ([, key], { config, script }) =>
      config === undefined
        ? `${script} looks for "${key}" and does not find it; the traceback above names the line.`
        : `${script} looks for "${key}" (the line is in the traceback above). If that is a key of ${config}, add it there, or correct the name in ${script}.`,
  },
];

/** One action that mends a failure, where one is known. */
export function hintFor({ cause, message, tail }: Failure, facts: TrainingFacts): string | undefined {
  if (cause === 'timed-out')
    return 'Give a training more time, with --timeout 2h or train.timeout in task.yaml, or less to do (a profile, fewer epochs).';
  const text = `${tail}\n${message}`;
  for (const { pattern, hint } of RULES) {
    const found = pattern.exec(text);
    if (found !== null) return hint(found, facts);
  }
  if (cause === 'out-of-memory')
    return 'Let a training use less memory (batch size, model size), or raise resources.memory in task.yaml.';
  if (facts.recorded !== undefined)
    return `${facts.script} recorded ${facts.recorded} and then ended with an error code, which counts as a failure: let it end with exit code 0 when all went well.`;
  return undefined;
}

function missingPackage(module: string, requirements: string | undefined, script: string): string {
  const name = packageOf(module);
  const line = name === module ? `"${name}"` : `"${name}" (which holds ${module})`;
  const where =
    requirements === undefined
      ? `Write a requirements.txt with the line ${line} beside ${script}`
      : `Add the line ${line} to ${requirements}`;
  return `${where}; agenthpo installs it for the next run. Or name an interpreter that has it: --python /path/to/python. (A module of your own must lie in the task folder.)`;
}

function missingFile(path: string): string {
  if (path.startsWith('/'))
    return `The training found no ${path}: correct the path, or put the file there. With --sandbox it sees no other folder than the task’s own and $AGENTHPO_DATA: keep data in the task’s data/ folder, or set AGENTHPO_DATA to where it lies.`;
  if (path.startsWith('..'))
    return `A trial runs in a copy of the task folder elsewhere, where ${path} leads to nothing. Put the file into the task’s data/ folder and read it as data/${fileName(path)}, or use its absolute path.`;
  return `The script runs in a copy of the task folder, and ${path} is not in it: put the file into the task folder (large ones into data/), or correct the path.`;
}

function given(args: readonly string[]): string {
  return args.length === 0 ? 'has no train.args' : `gives it only ${JSON.stringify(args.join(' '))}`;
}

/** The arguments there are, with the missing flags and a place for their values. */
function exampleArguments(args: readonly string[], names = ''): string {
  const flags = names.split(', ').map((name) => {
    const flag = name.split('/').at(-1) ?? name;
    const value = /config/i.test(flag) ? '{config}' : /seed/i.test(flag) ? '{seed}' : '1';
    return flag.startsWith('-') ? `${flag} ${value}` : value;
  });
  return [...args, ...flags].join(' ');
}

function fileName(path: string): string {
  return path.split('/').at(-1) ?? path;
}
