import { AgentHpoError } from '../study/errors.ts';
import type { HyperparameterValue } from '../study/hyperparameter.ts';
import { didYouMean } from '../study/nearest.ts';
import { type Slot, slotsIn, splitWords } from '../study/slots.ts';

/** What each slot stands for; undefined for a hyperparameter that is not active. */
export type SlotValues = Readonly<Record<string, HyperparameterValue | undefined>>;

/**
 * The words of a training’s command line. Each template is split into words first and filled then, so that a value
 * never splits and never meets a shell. What names an inactive hyperparameter is left out: `key={x}` and `--flag={x}`
 * whole, `--flag {x}` both words. Throws `task-invalid` for an unknown slot and an open quote.
 */
export function fillArguments(templates: readonly string[], values: SlotValues): string[] {
  const words = templates.flatMap(splitWords);
  const filled: string[] = [];
  for (const [index, word] of words.entries()) {
    const value = fill(word, values, 'train.args');
    if (value !== undefined) filled.push(value);
    else if (isBareSlot(word) && isFlag(words[index - 1])) filled.pop();
  }
  return filled;
}

/** The variables of a training by name. One that names an inactive hyperparameter is left out. Throws `task-invalid`. */
export function fillVariables(templates: Readonly<Record<string, string>>, values: SlotValues): Record<string, string> {
  const filled = Object.entries(templates).map(
    ([name, template]) => [name, fill(template, values, `train.env.${name}`)] as const,
  );
  return Object.fromEntries(filled.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * A value as a word: numbers so that Python’s float() and int() read exactly the same number, `true`, `false` and
 * `null` as YAML, JSON and Hydra write them.
 */
export function toWord(value: HyperparameterValue): string {
  return typeof value === 'number' && value < 0 ? withoutExponent(String(value)) : String(value);
}

/** The word with its slots filled; undefined when one of them is inactive, or says nothing when false. */
function fill(word: string, values: SlotValues, key: string): string | undefined {
  let filled = '';
  let rest = 0;
  for (const slot of slotsIn(word)) {
    if (!Object.hasOwn(values, slot.name)) throw unknownSlot(key, slot.name, word, Object.keys(values));
    const text = textOf(slot, values[slot.name]);
    if (text === undefined) return undefined;
    filled += word.slice(rest, slot.start) + text;
    rest = slot.end;
  }
  return filled + word.slice(rest);
}

function textOf({ whenTrue, whenFalse }: Slot, value: HyperparameterValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (whenTrue === undefined) return toWord(value);
  return value === true ? whenTrue : whenFalse;
}

function isBareSlot(word: string): boolean {
  const [slot] = slotsIn(word);
  return slot?.whenTrue === undefined && slot?.start === 0 && slot.end === word.length;
}

function isFlag(word: string | undefined): boolean {
  return word !== undefined && /^-{1,2}[A-Za-z][^={]*$/.test(word);
}

/** argparse takes -0.00001 for a number and -1e-5 for a flag. */
function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, 1 - point), '0');
  const start = Math.max(point, 1);
  const padded = digits.padEnd(start, '0');
  return padded.length > start ? `${sign}${padded.slice(0, start)}.${padded.slice(start)}` : sign + padded;
}

function unknownSlot(key: string, name: string, word: string, known: readonly string[]): AgentHpoError {
  return new AgentHpoError({
    code: 'task-invalid',
    message: `${key}: "${word}" has the slot {${name}}, which stands for nothing (${didYouMean(name, known)}).`,
    hint: 'Use the name of a hyperparameter, {config}, {seed} or {trial_dir}.',
  });
}
