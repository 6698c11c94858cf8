import { AgentHpoError } from '../../study/errors.ts';
import { Journal } from '../../study/journal.ts';
import { lockStudy } from '../../study/lock.ts';
import { studyPaths } from '../../study/study-folder.ts';
import type { Context } from '../context.ts';
import { evaluateDefaults } from '../evaluate/evaluate-defaults.ts';
import { evaluateStudy } from '../evaluate/evaluate-study.ts';
import { openStudy } from '../open-study.ts';
import { textOption } from '../options.ts';
import { redactorOf } from '../redactor-of.ts';

/**
 * `agenthpo evaluate <study>`: the best and the default configuration, trained once more each, and their test metric. With
 * `--objective` they are judged by the study’s own metric instead, with `--seed` trained with another seed, with `--repeats`
 * with several: what changes between seeds is the noise that a lead has to exceed. The values go into the study’s log, and
 * from there into its report. `agenthpo evaluate --task <task>` does the same with a task’s defaults, without a study.
 */
export async function run(
  context: Context,
  [reference]: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const task = textOption(options['task']);
  if ((reference === undefined) === (task === undefined)) throw eitherOr();
  if (task !== undefined) return evaluateDefaults(context, task, options);
  assertNoneOfTask(options);
  const { folder } = openStudy(context, reference ?? '', options);
  const lock = lockStudy(folder);
  const redact = redactorOf(context);
  const journal = new Journal(studyPaths(folder).log, { redact });
  try {
    return await evaluateStudy({ context, folder, journal, redact }, options);
  } finally {
    journal.close();
    lock.release();
  }
}

function eitherOr(): AgentHpoError {
  return new AgentHpoError({
    code: 'usage',
    message: 'evaluate takes a study, or a task with --task: one of the two.',
    hint: 'Write for example: agenthpo evaluate latest, or agenthpo evaluate --task digits',
  });
}

/** A study knows its own: to take these in silence would promise what is not done. Throws `usage`. */
function assertNoneOfTask({ profile, standIn, set, python }: Record<string, unknown>): void {
  const given = Object.entries({ '--profile': profile, '--stand-in': standIn, '--set': set, '--python': python });
  const [found] = given.find(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)) ?? [];
  if (found === undefined) return;
  throw new AgentHpoError({
    code: 'usage',
    message: `${found} goes with --task: a study is evaluated as its trials were trained.`,
    hint: `Leave ${found} out, or name a task with --task in place of the study.`,
  });
}
