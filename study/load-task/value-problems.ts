import { canHoldValue } from '../config-file.ts';
import { isHydraText, isQuotedHydraText } from '../hydra-text.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import { type Slot, slotsIn } from '../slots.ts';
import type { TaskDocument } from '../task-schema.ts';

/** A word of `train.args` (or what joins it), or a value of `train.env`. */
export interface Template {
  /** Where it stands in task.yaml. */
  readonly key: string;
  readonly word: string;
}

/** Choices that would not arrive in this place as what they are, and `{name?…}` for what is neither true nor false. */
export function valueProblems(template: Template, document: TaskDocument): string[] {
  return slotsIn(template.word).flatMap((slot) => {
    const { name, whenTrue } = slot;
    const type = new Map(Object.entries(document.hyperparameters)).get(name)?.type;
    if (whenTrue !== undefined && type !== undefined && type !== 'boolean')
      return [`${template.key}: {${name}?…} is for a boolean, and ${name} is of type ${type}; write {${name}}`];
    if (whenTrue !== undefined) return [];
    return choicesOf(document, name).flatMap(({ choice, path }) => {
      const problem = typeof choice === 'string' ? problemOf(choice, slot, template) : undefined;
      return problem === undefined ? [] : [`${path}: ${JSON.stringify(choice)} ${problem}`];
    });
  });
}

/** Choices that the config file’s syntax cannot say. */
export function unwritableChoices(document: TaskDocument, outsideConfig: readonly string[]): string[] {
  const { config } = document.train;
  if (config === undefined) return [];
  return Object.keys(document.hyperparameters)
    .filter((name) => !outsideConfig.includes(name))
    .flatMap((name) => choicesOf(document, name))
    .filter(({ choice }) => !canHoldValue(config, choice))
    .map(({ choice, path }) => `${path}: ${config} cannot hold ${choice}; use a text that the script understands`);
}

interface Choice {
  readonly choice: HyperparameterValue;
  /** In task.yaml. */
  readonly path: string;
}

/** What a categorical or ordinal hyperparameter can be in any profile. */
function choicesOf({ hyperparameters, profiles }: TaskDocument, name: string): Choice[] {
  const places = [
    { path: `hyperparameters.${name}`, parameter: hyperparameters[name] },
    ...Object.entries(profiles).map(([profile, settings]) => ({
      path: `profiles.${profile}.hyperparameters.${name}`,
      parameter: settings.hyperparameters[name],
    })),
  ];
  return places.flatMap(({ path, parameter }) =>
    [...(parameter?.choices ?? []), ...(parameter?.values ?? [])].map((choice) => ({ choice, path })),
  );
}

function problemOf(text: string, slot: Slot, { key, word }: Template): string | undefined {
  if (/[\x00-\x1f\x7f]/.test(text))
    return `holds a line end or another control character, which ${key} cannot carry safely; take it out`;
  if (text.includes('${')) return 'holds "${", which Hydra and OmegaConf would replace by something else; take it out';
  if (key.startsWith('train.env.')) return undefined;
  if (slot.start === 0 && text.startsWith('-'))
    return `would be taken for a flag in ${key} (${word}); join it to its own flag: --${slot.name}=${word}`;
  return isOverride(word) ? overrideProblem(text, slot, { key, word }) : undefined;
}

/** `key=value`, `+key=value`, `group@package=value`: what Hydra calls an override. */
function isOverride(word: string): boolean {
  return /^[+~]*[A-Za-z_][\w./@:-]*=/.test(word);
}

function overrideProblem(text: string, { start, end }: Slot, { key, word }: Template): string | undefined {
  const isQuoted = /["']/.test(word[start - 1] ?? '') && word[start - 1] === word[end];
  if (isQuoted)
    return isQuotedHydraText(text)
      ? undefined
      : `holds a quote or a backslash, which would end or change the quoted text in ${key} (${word}); use another choice`;
  const quoted = `'${word.slice(0, start)}"${word.slice(start, end)}"${word.slice(end)}'`;
  return isHydraText(text)
    ? undefined
    : `would not be read as that text by Hydra in ${key} (${word}); put its slot in quotes: ${quoted}`;
}
