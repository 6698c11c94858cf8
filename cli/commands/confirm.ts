import { type Confirmation, confirmationOf } from '../../report/confirmation.ts';
import { countOf } from '../../report/numbers.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import type { Hyperparameters } from '../../study/hyperparameter.ts';
import { Journal } from '../../study/journal.ts';
import { lockStudy } from '../../study/lock.ts';
import { getsSeed } from '../../study/slots.ts';
import { studyPaths } from '../../study/study-folder.ts';
import type { Task } from '../../study/task.ts';
import { confirmationRuns, confirmLead } from '../confirm/confirm-lead.ts';
import { type Context, EXIT } from '../context.ts';
import { describeConfirmation } from '../describe-confirmation.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy } from '../open-study.ts';
import { numberOption } from '../options.ts';
import { redactorOf } from '../redactor-of.ts';
import { openRetrained, prepareRetraining } from '../retraining.ts';
import { assertSameCode } from '../same-code.ts';
import { createSay } from '../say.ts';
import { reportStudy } from '../study-report.ts';

const DEFAULT_SEEDS = 3;

/** A finished study goes on only with a new total. */
const MORE_TRIALS = 10;

/**
 * `agenthpo confirm <study>`: the best and the default configuration, trained under fresh seeds, and the difference with
 * an interval. Every training is logged when it ends, so that a confirmation goes on where it was ended; they are no
 * trials and count towards no budget.
 */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const count = seedsOf(options);
  const { folder } = openStudy(context, reference, options);
  const lock = lockStudy(folder);
  const redact = redactorOf(context);
  const journal = new Journal(studyPaths(folder).log, { redact });
  try {
    const { history } = journal;
    const study = openRetrained(context, folder);
    const { record, task } = study;
    const best = bestOf(history);
    assertSameCode(
      { folder, record, task, history },
      `go on with it: agenthpo resume ${record.study} --new-code (and confirm its best).`,
    );
    const say = createSay(context, false);
    const runs = confirmationRuns(history, best, count);
    say(announcement(runs.length, count));
    if (runs.length > 0) {
      const retraining = await prepareRetraining(study, options);
      await confirmLead(runs, retraining, { journal, say });
      await reportStudy({ ...study, history, redact });
    }
    return print({ context, folder, history, task, asJson: options['json'] === true });
  } finally {
    journal.close();
    lock.release();
  }
}

function seedsOf(options: Record<string, unknown>): number {
  const count = numberOption('--seeds', options['seeds']) ?? DEFAULT_SEEDS;
  if (count >= 2) return count;
  throw new AgentHpoError({
    code: 'usage',
    message: `An interval needs at least 2 seeds, got ${count}.`,
    hint: `Write for example: --seeds ${DEFAULT_SEEDS}`,
  });
}

function bestOf({ incumbent, space, start, trials }: History): Hyperparameters {
  const best = incumbent?.proposal.hyperparameters;
  if (best !== undefined && !space.isSame(best, space.defaults())) return best;
  throw new AgentHpoError({
    code: 'usage',
    message:
      best === undefined
        ? 'The study has no complete trial to confirm.'
        : 'The defaults are the best of the study: there is no lead to confirm.',
    hint:
      best === undefined
        ? `See why: agenthpo show ${start.study}`
        : `Search on: agenthpo resume ${start.study} --trials ${trials.length + MORE_TRIALS}`,
  });
}

function announcement(runs: number, seeds: number): string {
  if (runs === 0) return `The best and the default were trained under ${seeds} fresh seeds already.`;
  return `${countOf(runs, 'training')}: the best and the default under ${seeds} fresh seeds. They are no trials and count towards no budget of the study.`;
}

interface Outcome {
  readonly context: Context;
  readonly folder: string;
  readonly history: History;
  readonly task: Task;
  readonly asJson: boolean;
}

function print({ context, folder, history, task, asJson }: Outcome): number {
  const confirmation = confirmationOf(history);
  const { metric, direction } = history.objective;
  const passesSeed = getsSeed(task.train);
  const lines =
    confirmation === undefined
      ? [`Fewer than two seeds gave both a value: nothing to say of the lead.${lastFailure(history)}`]
      : describeConfirmation(confirmation, { metric, direction, passesSeed });
  context.stdout.write(asJson ? jsonLine(jsonOf(folder, history, confirmation, passesSeed)) : `${lines.join('\n')}\n`);
  return confirmation === undefined ? EXIT.failed : EXIT.ok;
}

function lastFailure({ confirmations }: History): string {
  const failure = confirmations.findLast((each) => each.failure !== undefined)?.failure;
  return failure === undefined ? '' : ` The last failure: ${failure}`;
}

/** `confirmation` is null with fewer than two seeds. */
function jsonOf(study: string, history: History, confirmation: Confirmation | undefined, passesSeed: boolean) {
  const { metric, direction } = history.objective;
  return {
    study,
    metric,
    direction,
    standIn: history.start.standIn,
    trial: history.incumbent?.number ?? null,
    passesSeed,
    confirmation: confirmation ?? null,
  };
}
