import { createHash } from 'node:crypto';
import type { Settings } from '../configs/schema.ts';
import { type PythonPlan, planPython } from '../runners/python-environment.ts';
import { startedFiles } from '../runners/started-files.ts';
import { fileHashes } from '../runners/working-copy.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { Task } from '../study/task.ts';
import { ownOutputs } from '../tools/own-outputs.ts';
import type { Context } from './context.ts';
import { describeUse } from './describe-use.ts';
import { isAskable, openDialogue } from './dialogue.ts';
import { changesBetween } from './file-changes.ts';
import { isBundled } from './find-task.ts';
import { isKnownStudy, rememberStudy } from './known-studies.ts';
import { pythonRequest } from './python-request.ts';
import type { StudyRecord } from './study-record.ts';
import { cleanText } from './terminal-text.ts';
import { type Fingerprint, openTrustStore, type TrustStore } from './trusted-folders.ts';

export interface FirstUse {
  readonly task: Task;
  readonly context: Context;
  readonly settings: Settings;
  /** `--yes` */
  readonly isConfirmed: boolean;
  readonly say: (line: string) => void;
  /** The study that is gone on with; left out: a new one. */
  readonly study?: StudyRecord;
  /** What holds the copies of the folder; left out: where the task’s studies are kept. */
  readonly keptIn?: string;
  /** `--new-code`: the user’s word for changes of a folder that they know. */
  readonly acceptsChanges?: boolean;
}

/**
 * A task folder is code that runs as the user: before its first use, and when what it runs has changed, this says what
 * will be installed and run, and asks. The bundled tasks, as they lie inside the installed program, need no question. Throws `not-confirmed`.
 */
export async function confirmFirstUse(use: FirstUse): Promise<void> {
  await confirmFirstUses([use]);
}

/** The same for several folders, with one question for all that need one. */
export async function confirmFirstUses(uses: readonly FirstUse[]): Promise<void> {
  const open = uses.flatMap((use) => openUse(use) ?? []);
  for (const each of open) await tell(each);
  const unanswered = open.filter((each) => !hasWord(each));
  const [first] = unanswered;
  if (first !== undefined && !(await ask(first.use.context))) throw notConfirmed(unanswered);
  for (const each of open) remember(each);
}

/** A use that the user has to know of, and what is known of the folder. */
interface OpenUse {
  readonly use: FirstUse;
  readonly store: TrustStore;
  readonly now: Fingerprint;
  /** What differs from the folder as it was confirmed; undefined: it never was. */
  readonly changed: readonly string[] | undefined;
  /** The study that is not the user’s own: its record says what runs. */
  readonly foreignStudy: StudyRecord | undefined;
}

/** Undefined where nothing need be asked. */
function openUse(use: FirstUse): OpenUse | undefined {
  const { task, context, study, say } = use;
  const foreignStudy = study !== undefined && !isKnownStudy(context, study) ? study : undefined;
  if (isBundled(task.folder) && foreignStudy === undefined) return undefined;
  const now = fingerprintOf(task);
  const store = openTrustStore(context, say);
  const before = store.find(task.folder);
  const changed = before === undefined ? undefined : namedChanges(before, now);
  return changed?.length === 0 && foreignStudy === undefined ? undefined : { use, store, now, changed, foreignStudy };
}

async function tell({ use, changed, foreignStudy }: OpenUse): Promise<void> {
  const { task, context, settings, say, study, keptIn } = use;
  if (foreignStudy !== undefined)
    say(cleanText(`The study ${foreignStudy.study} was not begun here: its study.yaml says what runs.`));
  say(headline(task, changed));
  for (const line of describeUse({ task, context, settings, plan: await planOf(use), study, keptIn })) say(line);
}

function hasWord({ use: { isConfirmed, acceptsChanges = false }, changed, foreignStudy }: OpenUse): boolean {
  return isConfirmed || (acceptsChanges && changed !== undefined && foreignStudy === undefined);
}

function remember({ use: { task, context, say }, store, now, foreignStudy }: OpenUse): void {
  store.remember(task.folder, now);
  if (foreignStudy !== undefined) rememberStudy(context, foreignStudy, say);
}

/** A study’s Python is the one that its record names, which is not started before the user has seen it. */
async function planOf({ task, context, settings, study }: FirstUse): Promise<PythonPlan> {
  if (study !== undefined) return { source: 'explicit', ...study.python };
  const watch = { onProgress: () => undefined, signal: context.signal };
  return planPython(pythonRequest(task, settings, context), watch);
}

/** Everything that decides what runs. What a command line fixes (`--set`, a profile) is the user’s own word. */
function fingerprintOf(task: Task): Fingerprint {
  const { train, data, dataIsStandIn, environment, evaluate } = task;
  const standIn = dataIsStandIn ? (data?.standIn?.length ?? 0) : 0;
  const args = train.args.slice(0, train.args.length - standIn);
  const settings = JSON.stringify([train.script, args, train.env, data, environment, evaluate]);
  const { python, requirements } = environment;
  const named = [train.script, train.config, data?.prepare, python, requirements];
  return {
    ...startedFiles(
      task.folder,
      named.filter((path) => path !== undefined),
    ),
    ...fileHashes(task.folder, { leaveOut: ownOutputs(task) }),
    'task.yaml': createHash('sha256').update(settings).digest('hex'),
  };
}

/**
 * What a training leaves behind when it is run by hand: numbers, tables, pictures, weights that are only numbers. Reading
 * them runs nothing. Checkpoints in Python’s pickle format (.pt, .pkl, .joblib) can run code when they are read: those ask.
 */
const ONLY_DATA = /\.(npy|npz|csv|tsv|jsonl|log|out|png|jpe?g|svg|gif|pdf|html|safetensors|onnx|parquet|tfevents\S*)$/i;

function namedChanges(before: Fingerprint, now: Fingerprint): string[] {
  return changesBetween(before, now)
    .filter(({ path, change }) => change !== 'new' || !ONLY_DATA.test(path))
    .map(({ path, change }) => (change === 'changed' ? path : `${path} (${change})`));
}

const SHOWN_CHANGES = 5;

function headline({ folder }: Task, changed: readonly string[] | undefined): string {
  if (changed === undefined) return cleanText(`First use of ${folder}. agenthpo`);
  if (changed.length === 0) return cleanText(`${folder} is as you know it. agenthpo`);
  const more = changed.length > SHOWN_CHANGES ? ` and ${changed.length - SHOWN_CHANGES} more` : '';
  return cleanText(
    `${folder} changed since you last ran it: ${changed.slice(0, SHOWN_CHANGES).join(', ')}${more}. agenthpo`,
  );
}

async function ask(context: Context): Promise<boolean> {
  if (!isAskable(context)) return false;
  const dialogue = openDialogue(context);
  try {
    const answer = await dialogue.ask('Go on? [y/N] ', context.signal);
    return answer !== undefined && /^y(es)?$/i.test(answer);
  } finally {
    dialogue.close();
  }
}

function notConfirmed(uses: readonly OpenUse[]): AgentHpoError {
  const isAnyNew = uses.some(({ changed, foreignStudy }) => changed === undefined || foreignStudy !== undefined);
  const folders = uses.map(({ use }) => use.task.folder).join(', ');
  const canAsk = uses.every(({ use }) => isAskable(use.context));
  return new AgentHpoError({
    code: 'not-confirmed',
    message: `The ${isAnyNew ? 'first use' : 'changed code'} of ${folders} was not confirmed${canAsk ? '' : ' (there is no terminal to ask on)'}. Nothing ran.`,
    hint: 'Read what it runs, then give the same command with --yes.',
  });
}
