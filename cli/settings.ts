import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { type Settings, settingsSchema } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { describeIssues } from '../study/schema-errors.ts';
import type { Task } from '../study/task.ts';

type Layer = Readonly<Record<string, unknown>>;

export interface SettingsSources {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Command-line options by their camelCase names; undefined ones were not given. */
  readonly flags: Layer;
  readonly budget?: Task['budget'];
}

/**
 * The resolved settings: flags > environment (`AGENTHPO_<SETTING>`) > agenthpo.yaml (or --config) > the task’s budget >
 * defaults. Throws `settings-invalid` naming where the bad value came from.
 */
export function loadSettings({ workingFolder, environment, flags, budget }: SettingsSources): Settings {
  const keys = Object.keys(settingsSchema.shape);
  const file = readSettingsFile(workingFolder, flags['config']);
  const layers: [string, Layer][] = [
    ['the task’s budget', { trials: budget?.trials, max_time: budget?.maxSeconds, max_tokens: budget?.maxTokens }],
    [file.name, file.values],
    [ENVIRONMENT, fromEnvironment(keys, environment)],
    [COMMAND_LINE, fromFlags(keys, flags)],
  ];
  for (const [source, layer] of layers) checkLayer(source, defined(layer));
  const models = Object.assign({}, ...layers.map(([, { models: named }]) => (isLayer(named) ? defined(named) : {})));
  return settingsSchema.parse({ ...Object.assign({}, ...layers.map(([, layer]) => defined(layer))), models });
}

/** Whether the user gave this setting, or named the file that it may stand in: not a file that lay in the folder. */
export function isOwnWord(
  key: string,
  { environment, flags }: Pick<SettingsSources, 'environment' | 'flags'>,
): boolean {
  if (flags['config'] !== undefined) return true;
  return [fromFlags([key], flags), fromEnvironment([key], environment)].some((layer) => layer[key] !== undefined);
}

function checkLayer(source: string, layer: Layer): void {
  const checked = settingsSchema.safeParse(layer);
  if (checked.success) return;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: messageOf(source, describeIssues(checked.error, settingsSchema, layer)),
    hint: hintFor(source, String(checked.error.issues[0]?.path[0])),
  });
}

const COMMAND_LINE = 'the command line';
const ENVIRONMENT = 'the environment';

/** Each issue begins with its setting; a reader of a command line looks for the flag. */
function messageOf(source: string, issues: readonly string[]): string {
  if (source !== COMMAND_LINE) return `${source}: ${issues.join('; ')}`;
  return issues.map((issue) => issue.replace(/^\w+/, flagOf)).join('; ');
}

/** Settings that are numbers or durations, as somebody might write them. */
const EXAMPLES: Readonly<Record<string, string>> = {
  trials: '20',
  overrule_share: '0.3',
  llm_trials: '3',
  max_time: '2h',
  max_tokens: '100000',
  max_cost: '2',
  max_requests: '200',
  timeout: '5m',
  request_timeout: '2m',
  retry_time: '5m',
  output_limit: '1000000',
};

function hintFor(source: string, key: string): string {
  const example = EXAMPLES[key];
  if (example === undefined) return 'configs/default.yaml lists every setting; agenthpo tune --help the flags.';
  if (source === COMMAND_LINE) return `Write for example: ${flagOf(key)} ${example}`;
  if (source === ENVIRONMENT) return `Write for example: ${variableOf(key)}=${example}`;
  return `Write for example: ${key}: ${example}`;
}

function flagOf(key: string): string {
  return `--${key.replaceAll('_', '-')}`;
}

function variableOf(key: string): string {
  return `AGENTHPO_${key.toUpperCase()}`;
}

function readSettingsFile(workingFolder: string, named: unknown): { name: string; values: Layer } {
  const path = resolve(workingFolder, typeof named === 'string' ? named : 'agenthpo.yaml');
  if (!existsSync(path)) {
    if (typeof named !== 'string') return { name: path, values: {} };
    throw new AgentHpoError({
      code: 'settings-invalid',
      message: `There is no settings file ${path}.`,
      hint: 'Check --config.',
    });
  }
  const parsed = parseDocument(readFileSync(path, 'utf8'));
  const values: unknown = parsed.errors.length === 0 ? (parsed.toJS() ?? {}) : undefined;
  if (typeof values === 'object' && values !== null && !Array.isArray(values))
    return { name: path, values: values as Layer };
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: `${path} is not a YAML mapping of settings${parsed.errors[0] === undefined ? '' : `: ${parsed.errors[0].message}`}`,
    hint: 'Write lines such as "trials: 20"; configs/default.yaml lists every setting.',
  });
}

function fromEnvironment(keys: readonly string[], environment: SettingsSources['environment']): Layer {
  const given = keys.map((key) => [key, environment[variableOf(key)]] as const);
  return Object.fromEntries(
    given.filter(([, text]) => text !== undefined && text !== '').map(([key, text]) => [key, scalar(text)]),
  );
}

function fromFlags(keys: readonly string[], flags: Layer): Layer {
  const named = keys.map(
    (key) => [key, flags[key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]] as const,
  );
  const scalars = named.map(([key, value]) => [key, typeof value === 'string' ? scalar(value) : value]);
  const given = { ...Object.fromEntries(scalars), fallback_models: flags['fallbackModel'] };
  const models = { creator: flags['creatorModel'], executor: flags['executorModel'], report: flags['reportModel'] };
  return Object.keys(defined(models)).length === 0 ? given : { ...given, models: defined(models) };
}

/** `10` → 10, `null` → null; anything that is not a plain scalar stays the text that was typed. */
export function scalar(text: string | undefined): unknown {
  const parsed = parseDocument(text ?? '');
  const value: unknown = parsed.errors.length === 0 ? parsed.toJS() : text;
  return value !== null && typeof value === 'object' ? text : value;
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null;
}

function defined(layer: Layer): Layer {
  return Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined));
}
