import { getConfigValue } from '../config-file.ts';
import { messageOf } from '../errors.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import type { HyperparameterSpec } from '../hyperparameter-spec.ts';
import { changeParameter, fixParameter, type Resolution } from '../resolve-space.ts';
import type { SearchSpaceSpec } from '../search-space.ts';
import type { TaskDocument } from '../task-schema.ts';
import { outsideConfig } from './slot-problems.ts';
import type { ChosenProfile } from './task-choices.ts';

interface ResolvedChoices {
  readonly resolution: Resolution;
  /** Of the task’s own files. */
  readonly problems: readonly string[];
  /** Of what the command line sets. */
  readonly setProblems: readonly string[];
}

/** The space with the config’s defaults, the profile and --set applied, in this order. */
export function resolveSpec(
  document: TaskDocument,
  config: Record<string, unknown> | undefined,
  profile: ChosenProfile | undefined,
  sets: Readonly<Record<string, HyperparameterValue>>,
): ResolvedChoices {
  const problems: string[] = [];
  const setProblems: string[] = [];
  const configFile = config === undefined ? undefined : document.train.config;
  const elsewhere = new Set(outsideConfig(document, config));
  const withDefaults = Object.entries(document.hyperparameters).map(([name, parameter]) => {
    const found = config === undefined ? undefined : getConfigValue(config, parameter.key ?? name);
    const problem = elsewhere.has(name) ? undefined : defaultProblem(name, parameter, found, configFile);
    if (problem !== undefined) problems.push(problem);
    return [name, { ...parameter, default: parameter.default ?? (isScalar(found) ? found : undefined) }] as const;
  });
  let spec: SearchSpaceSpec = { hyperparameters: Object.fromEntries(withDefaults), constraints: document.constraints };
  for (const [name, change] of Object.entries(profile?.settings.hyperparameters ?? {}))
    if (name in document.hyperparameters) spec = changeParameter(spec, name, change);
  let resolution: Resolution = { spec, fixed: [] };
  const fixes = { ...profile?.settings.fix, ...sets };
  for (const [name, value] of Object.entries(fixes)) {
    if (!(name in document.hyperparameters)) continue;
    try {
      resolution = fixParameter(resolution, name, value);
    } catch (error) {
      if (name in sets) setProblems.push(`--set ${name}: ${messageOf(error)}`);
      else problems.push(`profiles.${profile?.name}.fix.${name}: ${messageOf(error)}`);
    }
  }
  return { resolution, problems, setProblems };
}

function defaultProblem(
  name: string,
  parameter: HyperparameterSpec,
  found: unknown,
  configFile: string | undefined,
): string | undefined {
  const key = parameter.key ?? name;
  if (configFile !== undefined && found === undefined)
    return `hyperparameters.${name}: ${configFile} has no key "${key}", so its value would never reach the script`;
  if (parameter.default === undefined || found === undefined || found === parameter.default) return undefined;
  return `hyperparameters.${name}: two defaults, ${JSON.stringify(parameter.default)} here and ${JSON.stringify(found)} in ${configFile} (${key}); keep one`;
}

function isScalar(value: unknown): value is HyperparameterValue {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}
