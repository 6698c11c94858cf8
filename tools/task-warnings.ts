import { posix } from 'node:path';
import { nearestTo } from '../study/nearest.ts';
import { slotNames } from '../study/slots.ts';
import type { Task } from '../study/task.ts';
import { type CodeFile, readTaskCode } from './task-code.ts';

/** Something about a task that is allowed, and that is usually a mistake. */
export interface TaskWarning {
  readonly kind: 'unread' | 'metric' | 'trivial' | 'direction' | 'outside-path' | 'log-path';
  /** What was seen, and what to do about it. */
  readonly message: string;
  /** The hyperparameters in question (`unread`). */
  readonly hyperparameters?: readonly string[];
}

/** What looks wrong about a task by reading its files alone: a warning says so and never stops anything. */
export function taskWarnings(task: Task): TaskWarning[] {
  const code = readTaskCode(task.folder, task.train.script);
  return [
    ...directionWarnings(task),
    ...unreadWarnings(task, code),
    ...seedWarnings(task, code),
    ...metricWarnings(task, code),
    ...pathWarnings(task, code),
    ...logWarnings(task, code),
  ];
}

const LOSS_LIKE = /(^|[_./-])(loss|error|err|mse|rmse|mae|nll|perplexity|ppl|wer|cer|fid|brier)($|[_./-])/i;
const SCORE_LIKE =
  /(^|[_./-])(acc|accuracy|auc|auroc|f1|precision|recall|r2|bleu|rouge|iou|miou|map|mrr|ndcg|score)($|[_./-])/i;

function directionWarnings({ objective: { metric, direction } }: Task): TaskWarning[] {
  const expected = LOSS_LIKE.test(metric) ? 'minimize' : SCORE_LIKE.test(metric) ? 'maximize' : direction;
  if (expected === direction) return [];
  const better = expected === 'minimize' ? 'lower' : 'higher';
  return [
    {
      kind: 'direction',
      message: `objective: ${metric} is usually better when it is ${better}, and the direction is ${direction}; if so, write direction: ${expected}.`,
    },
  ];
}

/** `Model(**config)`, vars(args), setattr: the whole config is handed on without a word of its keys. */
const HANDED_ON = /[(,{]\s*\*\*\s*[A-Za-z_]|\bvars\(|\bsetattr\(|\.__dict__/;

/** Hyperparameters whose name in the config, or whose flag, the code never mentions. */
function unreadWarnings(task: Task, code: readonly CodeFile[]): TaskWarning[] {
  const { config, script } = task.train;
  const all = code.map(({ text }) => text).join('\n');
  if (config === undefined || HANDED_ON.test(all)) return [];
  const inConfig = task.space.parameters.filter(({ name }) => !task.train.outsideConfig.includes(name));
  const keys = inConfig.map(({ name, key }) => ({ name, key, last: key.split('.').at(-1) ?? key }));
  const slots = slotNames(task.train);
  const unread = keys.filter(({ name, last }) => !mentions(all, last) && !slots.has(name));
  // A script that mentions none of them leaves the reading to a library.
  if (unread.length === keys.length) return [];
  const where = code.length > 1 ? `${script} and the ${code.length - 1} other .py files here` : script;
  return unread.map(({ name, key, last }) => {
    const near = nearestTo(last, wordsOf(all));
    const cure =
      near === undefined ? `let ${script} read it, or take ${name} out of task.yaml` : `did the script mean "${near}"?`;
    return {
      kind: 'unread',
      message: `hyperparameters.${name}: the config key "${key}" is not mentioned in ${where}, so changing it may have no effect: ${cure}.`,
      hyperparameters: [name],
    };
  });
}

function seedWarnings({ train }: Task, code: readonly CodeFile[]): TaskWarning[] {
  const all = code.map(({ text }) => text).join('\n');
  if (train.seed?.kind !== 'config' || HANDED_ON.test(all)) return [];
  const { key } = train.seed;
  if (mentions(all, key.split('.').at(-1) ?? key)) return [];
  const message = `train.seed: the config key "${key}" is not mentioned in the code, so the study’s seed may have no effect: let ${train.script} read it, or take train.seed out of task.yaml.`;
  return [{ kind: 'unread', message }];
}

function metricWarnings({ objective: { metric }, trivial, train }: Task, code: readonly CodeFile[]): TaskWarning[] {
  const all = code.map(({ text }) => text).join('\n');
  if (train.pattern !== undefined) return [];
  const named = { 'objective.metric': metric, ...(typeof trivial === 'string' && { 'objective.trivial': trivial }) };
  return Object.entries(named).flatMap(([key, name]): TaskWarning[] => {
    const near = mentions(all, name) ? undefined : nearestTo(name, stringsOf(all));
    if (near === undefined) return [];
    return [
      { kind: 'metric', message: `${key}: "${name}" is not mentioned in ${train.script}; did you mean "${near}"?` },
    ];
  });
}

/** A trial runs in a copy of the folder, from where `../` leads elsewhere. */
function pathWarnings({ train }: Task, code: readonly CodeFile[]): TaskWarning[] {
  return code.flatMap(({ path, text }) =>
    linesWith(text, /["'](\.\.\/[^"'\n]+)["']/).map(({ line, found }): TaskWarning => {
      const inside = `data/${posix.basename(found)}`;
      return {
        kind: 'outside-path',
        message: `${path} line ${line}: "${found}" leads out of the task folder, and a trial runs in a copy of it elsewhere: keep the file at ${inside} and read "${inside}" in ${train.script}, or write its absolute path.`,
      };
    }),
  );
}

/** A log that is written under another name, or at a fixed place where every trial would overwrite the last one’s. */
function logWarnings({ train }: Task, code: readonly CodeFile[]): TaskWarning[] {
  const log = train.log?.path;
  if (log === undefined) return [];
  const name = posix.basename(log);
  return code.flatMap(({ path, text }) =>
    linesWith(text, /["']((?:~?\/)[^"'\n]+\.(?:jsonl|ndjson|csv|log|txt))["']/)
      .filter(({ found }) => posix.basename(found) === name || /\.(jsonl|ndjson)$/.test(found))
      .map(
        ({ line, found }): TaskWarning => ({
          kind: 'log-path',
          message: `${path} line ${line}: "${found}" lies outside of the trial’s folder. If the training log is written there, write "${log}" instead: a log is read from the trial’s own folder alone.`,
        }),
      ),
  );
}

function linesWith(text: string, pattern: RegExp): { line: number; found: string }[] {
  return text.split('\n').flatMap((source, index) => {
    const found = /^\s*#/.test(source) ? undefined : pattern.exec(source)?.[1];
    return found === undefined ? [] : [{ line: index + 1, found }];
  });
}

function mentions(text: string, word: string): boolean {
  const escaped = word.replaceAll(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`).test(text);
}

/** Names that a reader of a config may have written: in quotes, or as an attribute. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/["']([A-Za-z_][\w-]*)["']|\.([A-Za-z_]\w*)/g)].flatMap(
    ([, quoted, attribute]) => quoted ?? attribute ?? [],
  );
}

function stringsOf(text: string): string[] {
  return [...text.matchAll(/["']([A-Za-z_][\w./-]*)["']|METRIC (\w+)=|\b([A-Za-z_]\w*)=/g)].flatMap(
    ([, quoted, printed, named]) => quoted ?? printed ?? named ?? [],
  );
}
