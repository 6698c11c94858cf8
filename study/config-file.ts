import { isDeepStrictEqual } from 'node:util';
import type { ConfigChanges, ConfigDocument, ConfigFormat, EditOptions } from './config-file/format.ts';
import { yamlFormat } from './config-file/yaml.ts';
import { AgentHpoError } from './errors.ts';

/** The syntaxes a script’s config file may have, by extension. */
const FORMATS: Readonly<Record<string, ConfigFormat>> = { '.yaml': yamlFormat, '.yml': yamlFormat };

/** The values of a script’s config file, nested as written. Throws `config-invalid` when it cannot be read. */
export function readConfigValues(text: string, file: string): Record<string, unknown> {
  return read(text, file, formatOf(file)).values;
}

/**
 * The config file’s text with these values in place of the old ones: comments, layout and line ends stay as they are.
 * The result is parsed again and compared, so what returns differs in exactly these values. Throws `config-invalid`
 * for a key that does not exist and for one that cannot be changed alone.
 */
export function editConfig(text: string, file: string, changes: ConfigChanges, options: EditOptions = {}): string {
  const format = formatOf(file);
  const document = read(text, file, format);
  const edited = document.edit(changes, options);
  const after = flattenConfig(read(edited, file, format).values);
  const expected = new Map([...Object.entries(flattenConfig(document.values)), ...Object.entries(changes)]);
  const strays = [...new Set([...expected.keys(), ...Object.keys(after)])].filter(
    (key) => !Object.hasOwn(after, key) || !isDeepStrictEqual(after[key], expected.get(key)),
  );
  if (strays.length > 0) throw cannotChangeAlone(file, Object.keys(changes), strays);
  return edited;
}

/** The value at a dotted key (`optimizer.lr`, `layers.0`; a key that itself holds dots is found too); undefined when there is none. */
export function getConfigValue(values: unknown, dottedKey: string): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  const entries = new Map<string, unknown>(Object.entries(values));
  if (entries.has(dottedKey)) return entries.get(dottedKey);
  const dot = dottedKey.indexOf('.');
  return dot < 0 ? undefined : getConfigValue(entries.get(dottedKey.slice(0, dot)), dottedKey.slice(dot + 1));
}

/** Every value by its dotted key, in the order of the file; an empty list or mapping stands for itself. */
export function flattenConfig(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(leavesOf(values, []));
}

function leavesOf(value: unknown, path: readonly string[]): [string, unknown][] {
  const children = isCollection(value) ? Object.entries(value) : [];
  if (children.length === 0) return path.length === 0 ? [] : [[path.join('.'), value]];
  return children.flatMap(([key, child]) => leavesOf(child, [...path, key]));
}

/** A list or a mapping; dates and other tagged objects are values. */
function isCollection(value: unknown): value is object {
  return Array.isArray(value) || (value !== null && Object.prototype.toString.call(value) === '[object Object]');
}

function read(text: string, file: string, format: ConfigFormat): ConfigDocument {
  if (!text.includes('\uFFFD')) return format.read(text, file);
  throw new AgentHpoError({
    code: 'config-invalid',
    message: `${file} is not UTF-8 text, so editing it would change more than the values asked for`,
    hint: 'Save the file as UTF-8.',
  });
}

function formatOf(file: string): ConfigFormat {
  const extension = /\.[^./\\]+$/.exec(file)?.[0] ?? '';
  const format = new Map(Object.entries(FORMATS)).get(extension.toLowerCase());
  if (format !== undefined) return format;
  throw new AgentHpoError({
    code: 'config-invalid',
    message: `${file}: config files can be ${Object.keys(FORMATS).join(', ')}, not "${extension || 'without an extension'}"`,
    hint: 'Let the script read a YAML file, or pass its hyperparameters as flags (train.args in task.yaml).',
  });
}

function cannotChangeAlone(file: string, changed: readonly string[], strays: readonly string[]): AgentHpoError {
  const others = strays.filter((key) => !changed.includes(key));
  const reason =
    others.length > 0
      ? `${others.join(', ')} would change too, as when values share an anchor`
      : `${strays.join(', ')} would not read back as the value written, as when a tag converts it`;
  return new AgentHpoError({
    code: 'config-invalid',
    message: `${file}: ${changed.join(', ')} cannot be changed alone: ${reason}`,
    hint: 'Write the values out as plain “key: value” lines.',
  });
}
