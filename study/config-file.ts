import { isDeepStrictEqual } from 'node:util';
import { replaceValues } from './config-file/edit.ts';
import type { ConfigChanges, ConfigDocument, ConfigFormat, EditOptions } from './config-file/format.ts';
import { configInvalid } from './config-file/invalid.ts';
import { jsonFormat } from './config-file/json.ts';
import { tomlFormat } from './config-file/toml.ts';
import { yamlFormat } from './config-file/yaml.ts';
import type { AgentHpoError } from './errors.ts';
import type { HyperparameterValue } from './hyperparameter.ts';

/** The syntaxes a script’s config file may have, by extension. */
const FORMATS: Readonly<Record<string, ConfigFormat>> = {
  '.yaml': yamlFormat,
  '.yml': yamlFormat,
  '.json': jsonFormat,
  '.jsonc': jsonFormat,
  '.toml': tomlFormat,
};

const BYTE_ORDER_MARK = '\uFEFF';

/** The values of a script’s config file, nested as written. Throws `config-invalid` when it cannot be read. */
export function readConfigValues(text: string, file: string): Record<string, unknown> {
  return read(withoutMark(text), file, formatOf(file)).values;
}

/**
 * The config file’s text with these values in place of the old ones: comments, layout and line ends stay as they are.
 * The result is parsed again and compared, so what returns differs in exactly these values. Throws `config-invalid`
 * for a key that does not exist and for one that cannot be changed alone.
 */
export function editConfig(text: string, file: string, changes: ConfigChanges, options: EditOptions = {}): string {
  const format = formatOf(file);
  const body = withoutMark(text);
  const document = read(body, file, format);
  const edited = replaceValues({ format, document, text: body, file }, changes, options);
  const after = flattenConfig(read(edited, file, format).values);
  const expected = new Map([...Object.entries(flattenConfig(document.values)), ...Object.entries(changes)]);
  const strays = [...new Set([...expected.keys(), ...Object.keys(after)])].filter(
    (key) => !Object.hasOwn(after, key) || !isDeepStrictEqual(after[key], expected.get(key)),
  );
  if (strays.length > 0) throw cannotChangeAlone(file, Object.keys(changes), strays);
  return text.slice(0, text.length - body.length) + edited;
}

/** Whether the config file’s syntax has a way to say this value: TOML has none for null. Throws `config-invalid` for an unknown extension. */
export function canHoldValue(file: string, value: HyperparameterValue): boolean {
  return formatOf(file).write({ value, text: '', start: 0, end: 0, asFloat: false }) !== undefined;
}

/** The value at a dotted key (`optimizer.lr`, `layers.0`; a key that itself holds dots is found too); undefined when there is none. */
export function getConfigValue(values: unknown, dottedKey: string): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  const entries = Object.entries(values);
  const exact = entries.find(([name]) => name === dottedKey);
  if (exact !== undefined) return exact[1];
  return entries
    .filter(([name]) => dottedKey.startsWith(`${name}.`))
    .map(([name, child]) => getConfigValue(child, dottedKey.slice(name.length + 1)))
    .find((found) => found !== undefined);
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
  throw configInvalid(
    `${file} is not UTF-8 text, so editing it would change more than the values asked for`,
    'Save the file as UTF-8.',
  );
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function formatOf(file: string): ConfigFormat {
  const extension = /\.[^./\\]+$/.exec(file)?.[0] ?? '';
  const format = new Map(Object.entries(FORMATS)).get(extension.toLowerCase());
  if (format !== undefined) return format;
  throw configInvalid(
    `${file}: config files can be ${Object.keys(FORMATS).join(', ')}, not "${extension || 'without an extension'}"`,
    'Let the script read one of these, or pass its hyperparameters as flags (train.args in task.yaml).',
  );
}

function cannotChangeAlone(file: string, changed: readonly string[], strays: readonly string[]): AgentHpoError {
  const others = strays.filter((key) => !changed.includes(key));
  const reason =
    others.length > 0
      ? `${others.join(', ')} would change too, as when values share an anchor`
      : `${strays.join(', ')} would not read back as the value written, as when a tag converts it`;
  return configInvalid(
    `${file}: ${changed.join(', ')} cannot be changed alone: ${reason}`,
    'Write the values out as plain “key: value” lines.',
  );
}
