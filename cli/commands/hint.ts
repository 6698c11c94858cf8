import { basename } from 'node:path';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { dropInput } from '../../study/inbox.ts';
import { shellWords } from '../../study/shell-words.ts';
import { isCreatorStrategy } from '../../study/strategy.ts';
import { studyLabel } from '../../study/study-folder.ts';
import { HINT_CHARACTERS } from '../../study/user-inputs.ts';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy } from '../open-study.ts';
import { whenTaken } from '../when-taken.ts';

/** `agenthpo hint <study> "…"`: a sentence that the Creator reads before its next proposal. */
export async function run(
  context: Context,
  [reference = '', ...words]: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const text = words.join(' ').trim();
  assertHint(text);
  const { folder, history } = openStudy(context, reference, options);
  const id = dropInput(folder, 'hint', { text });
  const { isRunning, command } = whenTaken(folder, history, 1);
  const { strategy } = history.start;
  const readsHints = isCreatorStrategy(strategy) && history.model !== 'offline';
  const when = command === undefined ? 'before its next proposal' : `when the study goes on: ${command}`;
  const who = isCreatorStrategy(strategy) ? 'The offline optimiser' : `The ${strategy} sampler`;
  const effect = readsHints
    ? `The Creator reads it ${when}`
    : `${who} reads no words: the hint only stands in the report. To have values tried: agenthpo suggest ${basename(folder)} --set ${example(history)}`;
  if (options['json'] === true)
    context.stdout.write(jsonLine({ study: folder, id, running: isRunning, read: readsHints }));
  else context.stdout.write(`Hint left for ${studyLabel(folder)}. ${effect}\n`);
  return 0;
}

/** A value that the study would take for its first hyperparameter. */
function example({ space }: History): string {
  const [first] = space.parameters;
  return shellWords([`${first?.name}=${first?.default}`]);
}

function assertHint(text: string): void {
  if (text !== '' && text.length <= HINT_CHARACTERS) return;
  throw new AgentHpoError({
    code: 'usage',
    message:
      text === ''
        ? 'The hint is empty.'
        : `The hint has ${text.length} characters; the Creator is told at most ${HINT_CHARACTERS}.`,
    hint: 'Say it in a sentence or two, in quotes.',
  });
}
