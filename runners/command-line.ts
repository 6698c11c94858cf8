import { AgentHpoError } from '../study/errors.ts';
import type { HyperparameterValue } from '../study/hyperparameter.ts';
import { didYouMean } from '../study/nearest.ts';

/** What each slot stands for; undefined for a hyperparameter that is not active. */
export type SlotValues = Readonly<Record<string, HyperparameterValue | undefined>>;

const SLOT = /\{([A-Za-z_][\w.-]*)\}/g;

/**
 * The words of a training’s command line. Each template is split into words first and filled then, so that a value
 * never splits and never meets a shell. What names an inactive hyperparameter is left out: `key={x}` and `--flag={x}`
 * whole, `--flag {x}` both words. Only `{name}` is a slot; other braces (JSON, `${now:%Y}`) stay as they are.
 * Throws `task-invalid` for an unknown slot and an open quote.
 */
export function fillArguments(templates: readonly string[], values: SlotValues): string[] {
  const words = templates.flatMap(splitWords);
  const filled: string[] = [];
  for (const [index, word] of words.entries()) {
    const value = fill(word, values);
    if (value !== undefined) filled.push(value);
    else if (isBareSlot(word) && isFlag(words[index - 1])) filled.pop();
  }
  return filled;
}

/**
 * Words as a shell would split them, without its expansions: single quotes keep everything, double quotes all but
 * `\"` and `\\`. A backslash outside quotes keeps the next character.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [piece, single, double, escaped] of line.matchAll(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|\s+|[^\s'"\\]+|./gsu,
  )) {
    if (single !== undefined) word = (word ?? '') + single;
    else if (double !== undefined) word = (word ?? '') + double.replace(/\\(["\\])/g, '$1');
    else if (escaped !== undefined) word = (word ?? '') + escaped;
    else if (piece === "'" || piece === '"') throw openQuote(line, piece);
    else if (piece.trim() !== '') word = (word ?? '') + piece;
    else {
      if (word !== undefined) words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/**
 * A value as a word: numbers so that Python’s float() and int() read exactly the same number, `true`, `false` and
 * `null` as YAML, JSON and Hydra write them.
 */
export function toWord(value: HyperparameterValue): string {
  return typeof value === 'number' && value < 0 ? withoutExponent(String(value)) : String(value);
}

/** The word with its slots filled; undefined when one of them is inactive. */
function fill(word: string, values: SlotValues): string | undefined {
  let isActive = true;
  const filled = word.replaceAll(SLOT, (slot, name: string, at: number) => {
    if (word[at - 1] === '$') return slot; // ${…} belongs to Hydra and OmegaConf
    if (!Object.hasOwn(values, name)) throw unknownSlot(name, word, Object.keys(values));
    const value = values[name];
    if (value === undefined) isActive = false;
    return value === undefined ? '' : toWord(value);
  });
  return isActive ? filled : undefined;
}

function isBareSlot(word: string): boolean {
  return word.startsWith('{') && word.endsWith('}');
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

function unknownSlot(name: string, word: string, known: readonly string[]): AgentHpoError {
  return new AgentHpoError({
    code: 'task-invalid',
    message: `train.args: "${word}" has the slot {${name}}, which stands for nothing (${didYouMean(name, known)}).`,
    hint: 'Use the name of a hyperparameter, {config}, {seed} or {trial_dir}.',
  });
}

function openQuote(line: string, quote: string): AgentHpoError {
  return new AgentHpoError({
    code: 'task-invalid',
    message: `train.args: the quote ${quote} is opened and not closed in: ${line}`,
    hint: 'Close the quote, or write each word as an item of a YAML list.',
  });
}
