import { completed, configurationProblems } from '../../study/configuration-problems.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { dropInput, readInputs } from '../../study/inbox.ts';
import { studyLabel } from '../../study/study-folder.ts';
import type { Hyperparameters } from '../../study/trial.ts';
import { openSuggestions, type Suggestion, suggestionsIn } from '../../study/user-inputs.ts';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy, readHistory } from '../open-study.ts';
import { textOption } from '../options.ts';
import { parseSets } from '../parse-sets.ts';
import { shownValues } from '../print-outcome.ts';
import { whenTaken } from '../when-taken.ts';

/** `agenthpo suggest <study> --set key=value`: a configuration that the study tries next, before what anyone proposes. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const sets = parseSets(options['set']);
  if (Object.keys(sets).length === 0) throw usage('Nothing is suggested.', 'Give values, such as: --set epochs=5');
  const { folder } = openStudy(context, reference, options);
  // The inbox before the log: what moves from one to the other meanwhile is then seen twice, not overlooked.
  const waiting = suggestionsIn(readInputs(folder));
  const history = readHistory(folder);
  const base = baseOf(textOption(options['basedOn']), history);
  const hyperparameters = completed(sets, base.hyperparameters, history);
  const queue = queued(waiting, openSuggestions(history), history);
  const problems = configurationProblems(
    hyperparameters,
    history,
    queue.map((each) => each.hyperparameters),
  );
  if (problems.length > 0)
    throw usage(
      `${shownValues(hyperparameters)} cannot be tried: ${problems.join('; ')}.`,
      'Nothing was queued: give other values with --set.',
    );
  const id = dropInput(folder, 'suggest', { hyperparameters, basedOn: base.basedOn });
  const { isRunning, command } = whenTaken(folder, history, queue.length + 1);
  const from = base.basedOn === 'default' ? 'the default' : `trial ${base.basedOn}`;
  const ahead =
    queue.length === 0 ? '' : `, after ${queue.length} earlier ${queue.length === 1 ? 'suggestion' : 'suggestions'}`;
  const when = command === undefined ? `It runs next${ahead}.` : `It runs when the study goes on${ahead}: ${command}`;
  if (options['json'] === true)
    context.stdout.write(
      jsonLine({ study: folder, id, running: isRunning, basedOn: base.basedOn, hyperparameters, ahead: queue.length }),
    );
  else
    context.stdout.write(
      `Suggested to ${studyLabel(folder)}, from ${from}: ${shownValues(hyperparameters)}\n${when}\n`,
    );
  return 0;
}

/** What is to be tried before: taken into the log already, or still in the inbox. */
function queued(waiting: readonly Suggestion[], open: readonly Suggestion[], history: History): Suggestion[] {
  const known = new Set(history.inputs.map(({ id }) => id));
  return [...open, ...waiting.filter(({ id }) => !known.has(id))];
}

interface Base {
  readonly basedOn: number | 'default';
  readonly hyperparameters: Hyperparameters;
}

/** Where values that were not given come from: the best trial unless another is named, the default while there is none. */
function baseOf(named: string | undefined, { incumbent, space, trials }: History): Base {
  const initial: Base = { basedOn: 'default', hyperparameters: space.defaults() };
  if (named === 'default') return initial;
  const best = incumbent && { basedOn: incumbent.number, hyperparameters: incumbent.proposal.hyperparameters };
  if (named === undefined) return best ?? initial;
  if (named === 'best') {
    if (best !== undefined) return best;
    throw usage('--based-on best: there is no best trial yet.', 'Use --based-on default.');
  }
  const trial = /^\d+$/.test(named) ? trials[Number(named) - 1] : undefined;
  if (trial !== undefined) return { basedOn: trial.number, hyperparameters: trial.proposal.hyperparameters };
  const known = trials.length === 0 ? '' : `a trial’s number from 1 to ${trials.length}, `;
  throw usage(
    `--based-on must be ${known}best or default, got "${named}".`,
    'Leave --based-on out to start from the best trial.',
  );
}

function usage(message: string, hint: string): AgentHpoError {
  return new AgentHpoError({ code: 'usage', message, hint });
}
