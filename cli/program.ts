import { Argument, Command, CommanderError, Option } from 'commander';
import { SAMPLER_NAMES } from '../samplers/registry.ts';
import { AgentHpoError } from '../study/errors.ts';
import { CREATOR_STRATEGIES, OPTUNA_STRATEGIES } from '../study/strategy.ts';
import type { Context } from './context.ts';
import { VERSION } from './version.ts';

type Run = (
  context: Context,
  args: readonly string[],
  options: Record<string, unknown>,
  program: Command,
) => Promise<number>;

/** The command line. Each command’s code is loaded only when it runs: `--help` costs little more than Node itself. */
export function createProgram(context: Context): { execute(argv: readonly string[]): Promise<number> } {
  let exitCode = 0;
  const program = new Command('agenthpo')
    .description('Two LLM agents tune the hyperparameters of your training script, with a reason for every trial.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or a command’s options')
    // "[options]" behind every command says nothing.
    .configureHelp({ subcommandTerm: (each) => [each.name(), each.usage().replace(/^\[options\] ?/, '')].join(' ') })
    .showHelpAfterError('(agenthpo --help shows the commands, agenthpo <command> --help its options)')
    .addHelpText('after', '\nTry:  agenthpo tune quadratic --model offline     (no key, no data, ten seconds)');

  const runner =
    (load: () => Promise<{ run: Run }>) =>
    async (...parameters: unknown[]): Promise<void> => {
      const self = parameters.at(-1) as Command;
      exitCode = await (await load()).run(context, self.args, self.opts(), program);
    };
  const command = (
    usage: string,
    description: string,
    load: () => Promise<{ run: Run }>,
    out = 'where studies are kept (default: ./logs)',
  ): Command =>
    program
      .command(usage)
      .description(description)
      .option('--config <file>', 'settings file (default: ./agenthpo.yaml when there is one)')
      .option('--out <folder>', out)
      .option('--json', 'print one JSON object on stdout')
      .action(runner(load));

  program.commandsGroup('Start here:');
  const tune = command(
    'tune <task>',
    'tune a task folder, or a bundled task by its name',
    () => import('./commands/tune.ts'),
  )
    .option('--trials <n>', 'trials of the study, failed ones included (default: the task’s, else 10)')
    .addOption(
      new Option('--strategy <name>', 'who proposes (default: creator)').choices([
        ...CREATOR_STRATEGIES,
        ...SAMPLER_NAMES,
        ...OPTUNA_STRATEGIES,
      ]),
    )
    .option(
      '--overrule-share <share>',
      'in hybrid: share of trials that may differ from the optimiser’s candidates (default: 0.3)',
    )
    .option(
      '--llm-trials <n>',
      'in llm-then-gp: points that the Creator proposes first (default: a third of the trials)',
    )
    .option('--warm-start <study>', 'learn from the trials of an earlier study of the same task')
    .addOption(new Option('--executor <name>', 'who runs a trial (default: agent)').choices(['agent', 'direct']));
  modelOptions(tune)
    .option('--profile <name>', 'a profile of the task')
    .option('--stand-in', 'train on generated data of the same format, to try the machinery')
    .option('--set <key=value>', 'fix a hyperparameter, or set another config key (repeatable)', collect, [])
    .option('--no-default', 'do not begin with the task’s default configuration')
    .option('--seed <n>', 'seed of the study (default: drawn and recorded)')
    .option('--timeout <duration>', 'time limit of one training, such as 90s, 5m, 2h (a bare number: seconds)')
    .option('--max-time <duration>', 'time limit of the whole study')
    .option('--max-tokens <n>', 'token limit of the whole study')
    .option('--max-cost <usd>', 'money limit of the whole study (default: $1 for a model with a known price)')
    .option('--max-requests <n>', 'limit of requests to models of the whole study')
    .option('--estimate', 'say what the study would take in requests, tokens and money, and start nothing')
    .option('--python <path>', 'interpreter or virtual environment of the training')
    .option('--sandbox', 'train inside bubblewrap: the task read-only, no network unless it asks')
    .option('--approve', 'ask before each proposed trial: accept, edit, reject or stop')
    .option('--plain', 'plain progress lines, no live view')
    .option('--yes', 'do not ask before the first use of a task folder')
    .optionsGroup('Ablations (how the Creator is asked):')
    .addOption(
      new Option('--prompt <form>', 'one bounded message, the whole dialogue, or the best scores alone').choices([
        'compressed',
        'chat',
        'opro',
      ]),
    )
    .option('--context-tokens <n>', 'the model’s context, to warn of a chat that nears it (default: 128000)')
    .addOption(
      new Option('--reasoning <on|off>', 'think aloud before the answer (default: off)').choices(['on', 'off']),
    )
    .addOption(new Option('--expert <on|off>', 'be told to be an expert (default: on)').choices(['on', 'off']))
    .addOption(new Option('--space <form>', 'be told ranges, or types alone').choices(['bounded', 'free']))
    .addOption(
      new Option('--task-info <what>', 'be told of the task (default: full)').choices([
        'none',
        'dataset',
        'full',
        'wrong',
      ]),
    )
    .option('--hint-deterministic', 'be told that the process is deterministic and the loss nonnegative')
    .option('--noise <share>', 'be told values times U(1 − share, 1 + share), such as 0.1');
  command(
    'new <name>',
    'write a small task folder that runs, to be made your own',
    () => import('./commands/new.ts'),
  ).addOption(
    new Option('--style <style>', 'how the script takes its values (default: config)').choices(['config', 'args']),
  );
  command('check <task...>', 'say what a task folder would run, or what is wrong', () => import('./commands/check.ts'))
    .option('--profile <name>', 'a profile of the task')
    .option('--stand-in', 'train on generated data of the same format, to try the machinery')
    .option('--set <key=value>', 'as in tune (repeatable)', collect, [])
    .option('--python <path>', 'interpreter or virtual environment of the training')
    .option('--sandbox', 'train inside bubblewrap: the task read-only, no network unless it asks')
    .option('--run', 'also train once with the defaults (several: a table)')
    .option('--yes', 'do not ask before the first use of a task folder');
  command(
    'doctor [task]',
    'say what works on this machine, and how to mend the rest',
    () => import('./commands/doctor.ts'),
  )
    .option('--model <name>', 'the model to ask (default: the one that tune would use)')
    .option('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:11434/v1')
    .option('--profile <name>', 'a profile of the task')
    .option('--python <path>', 'interpreter or virtual environment of the training')
    .option('--no-request', 'do not ask the models (else about 100 tokens each)');
  program.commandsGroup('Studies:');
  command('list', 'list the studies, and trainings that outlived theirs', () => import('./commands/list.ts')).option(
    '--tasks',
    'list the bundled tasks instead',
  );
  command('show <study> [trial]', 'show a study, or everything about one trial', () => import('./commands/show.ts'));
  command('report <study>', 'write the report of a study again from its log', () => import('./commands/report.ts'));
  command(
    'evaluate [study]',
    'compare the best with the default on the test metric',
    () => import('./commands/evaluate.ts'),
  )
    .option('--objective', 'judge by the study’s own metric instead of the test metric')
    .option('--seed <n>', 'train with another seed (default: the study’s)')
    .option('--repeats <n>', 'train under so many seeds, one after another: mean and spread (default: 1)')
    .option('--new-code', 'go on although the task’s code changed: both are trained anew with it')
    .option('--sandbox', 'train inside bubblewrap (a study that was begun in it always does)')
    .option('--plain', 'break no line')
    .option('--yes', 'do not ask about a folder that changed or a study from elsewhere')
    .optionsGroup('A task’s defaults, without a study:')
    .option('--task <task>', 'a task folder, or a bundled task by its name')
    .option('--profile <name>', 'a profile of the task')
    .option('--stand-in', 'train on generated data of the same format, to try the machinery')
    .option('--set <key=value>', 'as in tune (repeatable)', collect, [])
    .option('--python <path>', 'interpreter or virtual environment of the training');
  command(
    'confirm <study>',
    'train the best and the default again on fresh seeds: does the lead hold?',
    () => import('./commands/confirm.ts'),
  )
    .option('-n, --seeds <n>', 'fresh seeds for each of the two, at least 2 (default: 3)')
    .option('--sandbox', 'train inside bubblewrap (a study that was begun in it always does)')
    .option('--yes', 'do not ask about a folder that changed or a study from elsewhere');
  const resume = command(
    'resume <study>',
    'go on with a study: its folder, its id, or "latest"',
    () => import('./commands/resume.ts'),
  )
    .option('--trials <n>', 'the new total of trials')
    .option('--max-time <duration>', 'the new total of active time')
    .option('--max-tokens <n>', 'the new total of tokens')
    .option('--max-cost <usd>', 'the new total of money')
    .option('--max-requests <n>', 'the new total of requests to models')
    .option('--new-code', 'go on although the task’s code changed, as a new code version')
    .option('--approve', 'ask before each proposed trial (default: as the study did before)')
    .option('--no-approve', 'ask no more')
    .option('--yes', 'do not ask about a folder that changed or a study from elsewhere')
    .option('--plain', 'plain progress lines, no live view');
  modelOptions(resume.optionsGroup('Another model from here on (the log says since when):'));
  command(
    'hint <study> <text...>',
    'tell the Creator something before its next proposal',
    () => import('./commands/hint.ts'),
  );
  command('suggest <study>', 'have a configuration of your own tried next', () => import('./commands/suggest.ts'))
    .option('--set <key=value>', 'a hyperparameter’s value (repeatable)', collect, [])
    .option(
      '--based-on <trial>',
      'where the other values come from: a trial’s number, best or default (default: best)',
    );
  command('stop <study>', 'stop a study and every training it started', () => import('./commands/stop.ts')).option(
    '--after-trial',
    'let the running trial finish first',
  );
  program.commandsGroup('More:');
  command(
    'bench',
    'compare ways of tuning on your own task: does it beat random search?',
    () => import('./commands/bench.ts'),
    'where its studies and results are kept (default: ./logs/bench/<task>); the same command goes on there',
  )
    .requiredOption('--task <task>', 'a task folder, or a bundled task by its name')
    .option(
      '--arms <names>',
      'strategies to compare, with commas between, or variants such as creator:chat',
      'creator,gp,random',
    )
    .option('--models <names>', 'a Creator with each of these models as an arm more')
    .option('--trials <n>', 'trials of each study (default: the task’s, else 10)')
    .option('--seeds <n>', 'studies of each arm (default: 5)')
    .option('--seed <n>', 'the first seed (default: 1)')
    .option('--model <name>', '<provider>:<name>, or offline: embedded, free')
    .option('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:11434/v1')
    .option('--profile <name>', 'a profile of the task')
    .option('--stand-in', 'train on generated data of the same format, to try the machinery')
    .option('--set <key=value>', 'as in tune (repeatable)', collect, [])
    .option('--timeout <duration>', 'time limit of one training')
    .option('--max-cost <usd>', 'money limit of all studies together (default: $1 for a model with a known price)')
    .option('--estimate', 'say what it would take, and start nothing')
    .option('--python <path>', 'interpreter or virtual environment of the training')
    .option('--sandbox', 'train inside bubblewrap: the task read-only, no network unless it asks')
    .option('--plain', 'break no line')
    .option('--yes', 'do not ask before the first use of a task folder');
  program
    .command('completion')
    .usage('<shell>')
    .description('print the script that completes words with the Tab key')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addArgument(new Argument('[words...]', 'what is typed so far; the script asks with these'))
    .addHelpText('after', '\nbash:  source <(agenthpo completion bash)     (the script says where to put it)')
    .action(runner(() => import('./commands/completion.ts')));
  program.helpCommand('help [command]', 'print the options of a command');

  for (const each of [program, ...program.commands]) each.exitOverride().configureOutput({ writeErr: () => undefined });
  return {
    async execute(argv) {
      try {
        await program.parseAsync(argv);
      } catch (error) {
        if (error instanceof CommanderError) return outcomeOf(error, program, argv);
        throw error;
      }
      return exitCode;
    },
  };
}

/** Which models a study asks, and where; a study that goes on may change them. */
function modelOptions(command: Command): Command {
  return command
    .option('--model <name>', '<provider>:<name> (openai:gpt-5-mini, ollama:qwen3:8b …), or offline: embedded, free')
    .option('--creator-model <name>', 'another model for the Creator')
    .option('--executor-model <name>', 'another model for the Executor')
    .option('--report-model <name>', 'another model for the final analysis (default: the Creator’s)')
    .addOption(
      new Option('--tool-form <form>', 'how a model is offered tools (auto: as it turns out to take them)').choices([
        'auto',
        'native',
        'text',
      ]),
    )
    .option('--fallback-model <name>', 'takes over when the model’s server does not answer (repeatable)', collect)
    .option('--base-url <url>', 'an OpenAI-compatible server, such as http://localhost:11434/v1');
}

function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** Help and version are successes; anything else is a usage error with one action. */
function outcomeOf(error: CommanderError, program: Command, argv: readonly string[]): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') {
    process.stderr.write(program.helpInformation());
    return 2;
  }
  const named = program.commands.find((each) => each.name() === argv[2])?.name();
  const message = error.message.replace(/^error: /, '').replace(/\n.*$/s, (rest) => rest.split('\n(agenthpo')[0] ?? '');
  const fixed = named === 'resume' ? settledFlag(error, program) : undefined;
  throw new AgentHpoError({
    code: 'usage',
    message:
      fixed === undefined
        ? message
        : `${fixed} cannot change: a study keeps what it began with, but for its limits and models.`,
    hint:
      fixed === undefined
        ? `See: agenthpo ${named === undefined ? '' : `${named} `}--help`
        : `Leave ${fixed} out, or begin a new study with: agenthpo tune`,
  });
}

/** The flag of `tune` that was given where a study goes on; undefined when it is none. */
function settledFlag({ code, message }: CommanderError, program: Command): string | undefined {
  const flag = code === 'commander.unknownOption' ? /'(--[a-z-]+)/.exec(message)?.[1] : undefined;
  const tune = program.commands.find((each) => each.name() === 'tune');
  return tune?.options.find(({ long }) => long !== undefined && long === flag)?.long ?? undefined;
}
