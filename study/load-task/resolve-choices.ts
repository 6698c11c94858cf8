import { getConfigValue } from '../config-file.ts';
import { messageOf } from '../errors.ts';
import type { HyperparameterValue } from '../hyperparameter.ts';
import { changeParameter, fixParameter, type Resolution } from '../resolve-space.ts';
import type { HyperparameterSpec, SearchSpaceSpec } from '../search-space.ts';
import type { ProfileDocument, TaskDocument } from '../task-schema.ts';

/** The space with the config’s defaults, the profile and --set applied, in this order. */
export function resolveSpec(
  document: TaskDocument,
  config: Record<string, unknown> | undefined,
  profile: ProfileDocument | undefined,
  sets: Readonly<Record<string, HyperparameterValue>>,
): { resolution: Resolution; defaultsProblems: string[] } {
  const defaultsProblems: string[] = [];
  const withDefaults = Object.entries(document.hyperparameters).map(([name, parameter]) => {
    const found = config === undefined ? undefined : getConfigValue(config, parameter.key ?? name);
    const problem = defaultProblem(name, parameter, found, document.train.config);
    if (problem !== undefined) defaultsProblems.push(problem);
    return [name, { ...parameter, default: parameter.default ?? (isScalar(found) ? found : undefined) }] as const;
  });
  let spec: SearchSpaceSpec = { hyperparameters: Object.fromEntries(withDefaults), constraints: document.constraints };
  for (const [name, change] of Object.entries(profile?.hyperparameters ?? {}))
    spec = changeParameter(spec, name, change);
  let resolution: Resolution = { spec, fixed: [] };
  const fixes = { ...profile?.fix, ...sets };
  for (const [name, value] of Object.entries(fixes)) {
    if (!(name in document.hyperparameters)) continue;
    try {
      resolution = fixParameter(resolution, name, value);
    } catch (error) {
      defaultsProblems.push(`${name in sets ? '--set' : 'profile.fix'} ${name}: ${messageOf(error)}`);
    }
  }
  return { resolution, defaultsProblems };
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
