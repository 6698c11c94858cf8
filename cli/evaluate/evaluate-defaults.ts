import { loadTask } from '../../study/load-task.ts';
import { getsSeed } from '../../study/slots.ts';
import { caveatLines } from '../caveats.ts';
import { prepareToTrain } from '../check/train-defaults.ts';
import { type Context, EXIT } from '../context.ts';
import { findTask } from '../find-task.ts';
import { jsonLine } from '../json-line.ts';
import { formatMeasure } from '../numbers.ts';
import { textOption } from '../options.ts';
import { parseSets } from '../parse-sets.ts';
import { createSay } from '../say.ts';
import { loadSettings } from '../settings.ts';
import { oneLine } from '../terminal-text.ts';
import { describeSeeds, spreadOf } from './describe-repeats.ts';
import { judgeOf, seedsOf } from './judge.ts';

/** The seed of a training that belongs to no study. */
const FIRST_SEED = 1;

/** `agenthpo evaluate --task <task>`: a task’s defaults on its test metric, without a study; with `--repeats` under several seeds. */
export async function evaluateDefaults(
  context: Context,
  reference: string,
  options: Record<string, unknown>,
): Promise<number> {
  const task = loadTask(findTask(reference, context.workingFolder), {
    reference,
    profile: textOption(options['profile']),
    sets: parseSets(options['set']),
    standIn: options['standIn'] === true,
  });
  const judge = judgeOf(task, options['objective'] === true);
  const settings = loadSettings({ ...context, flags: options, budget: task.budget });
  const isPlain = options['plain'] === true;
  const say = createSay(context, isPlain);
  const seeds = seedsOf(options, FIRST_SEED);
  for (const line of caveatLines(task)) say(line);
  const train = await prepareToTrain({ context, task, settings, isConfirmed: options['yes'] === true, isPlain });
  const results: { seed: number; value: number | null; failure: string | null }[] = [];
  for (const [index, seed] of seeds.entries()) {
    const { value = null, failure } = await train(task.space.defaults(), { ...judge, trainingSeed: seed });
    context.signal.throwIfAborted();
    results.push({ seed, value, failure: failure?.message ?? null });
    const what = value === null ? oneLine(failure?.message ?? 'no value') : formatMeasure(value);
    if (seeds.length > 1 || value === null) say(`${index + 1} of ${seeds.length}: seed ${seed}: ${what}`);
  }
  const { metric, direction } = judge.objective;
  const spread = spreadOf(results.map(({ value }) => value));
  const { name, dataIsStandIn: standIn, profile } = task;
  const passesSeed = getsSeed(task.train);
  const facts = {
    task: name,
    profile: profile?.name ?? null,
    standIn,
    metric,
    direction,
    passesSeed,
    results,
    ...spread,
  };
  const words = describeSeeds(results, { metric, direction, passesSeed }).join('\n');
  context.stdout.write(options['json'] === true ? jsonLine(facts) : `${words}\n`);
  return spread.count === seeds.length ? EXIT.ok : EXIT.failed;
}
