import { runDataPreparation } from '../runners/prepare-data.ts';
import { AgentHpoError } from '../study/errors.ts';
import { printable } from '../study/printable.ts';
import { shellWords } from '../study/shell-words.ts';
import type { Task } from '../study/task.ts';
import type { Interpreter } from '../tools/prepare-training.ts';
import type { Context } from './context.ts';
import { isBundled } from './find-task.ts';
import { dataSandbox } from './training-sandbox.ts';

interface DataRequest {
  readonly task: Task;
  readonly python: Interpreter;
  readonly context: Context;
  readonly isSandboxed: boolean;
  readonly say: (line: string) => void;
}

/**
 * Lets the task make sure that its data is there, before the first training of whatever was asked for. Nothing to do
 * for a task without `data.prepare` and with stand-in data. Throws `data-missing`.
 */
export async function prepareData({ task, python, context, isSandboxed, say }: DataRequest): Promise<void> {
  const script = task.data?.prepare;
  if (script === undefined || task.dataIsStandIn) return;
  const sandbox = isSandboxed ? await dataSandbox({ task, python, context }) : undefined;
  const fixed = Object.fromEntries(task.fixed.map(({ key, value }) => [key, value]));
  const outcome = await runDataPreparation(
    {
      taskFolder: task.folder,
      script,
      configChanges: { ...task.configChanges, ...fixed },
      python,
      environment: context.environment,
      pass: task.environment.pass,
      ...(sandbox && { sandbox }),
    },
    { onProgress: (line) => say(printable(line)), signal: context.signal },
  );
  if (outcome.kind === 'ready') return;
  const output = outcome.output.map((line) => `\n  ${line}`).join('');
  const missed = outcome.withheld.filter((name) => output.includes(name));
  const withheld =
    missed.length === 0
      ? ''
      : `\n  (set here, kept from it: ${missed.join(', ')}; environment.pass in task.yaml names what it may see)`;
  throw new AgentHpoError({
    code: 'data-missing',
    message: `The data of ${task.name} is not there: ${script} did not get it (${outcome.how}).${output}${withheld}`,
    hint: hintFor(task, script),
  });
}

function hintFor({ folder, name, data }: Task, script: string): string {
  const reference = shellWords([isBundled(folder) ? name : folder]);
  return data?.standIn === undefined
    ? `Mend what it says, then see with: ${shellWords(['agenthpo', 'check', reference, '--run'])} (it runs ${script} first).`
    : `Get the data as it says, or try everything on generated data: agenthpo tune ${reference} --stand-in`;
}
