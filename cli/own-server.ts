import { isOnThisMachine } from '../agents/models/credentials.ts';
import { OPENAI, parseModelName } from '../agents/models/providers.ts';
import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import { isOwnWord, type SettingsSources } from './settings.ts';

/**
 * Throws `model-unusable` where a base URL that only the folder’s agenthpo.yaml names would get a key of the user’s
 * environment: whoever made a downloaded folder wrote it. The user’s word is a flag, a variable or `--config`; a key in the
 * folder’s `.env` goes where the folder says, and so does any to a server on this machine.
 */
export function assertOwnServer(settings: Settings, sources: Pick<SettingsSources, 'environment' | 'flags'>): void {
  const { base_url: baseUrl, strategy, executor } = settings;
  if (baseUrl === null || isOwnWord('base_url', sources) || isOnThisMachine(baseUrl)) return;
  if (!isCreatorStrategy(strategy) && executor === 'direct') return;
  const variable = keyVariables(settings).find((name) => (sources.environment[name] ?? '').trim() !== '');
  if (variable === undefined) return;
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `agenthpo.yaml of this folder names the server ${baseUrl}, which would get ${variable} of your environment.`,
    hint: `If that is what you want, say so: --base-url ${baseUrl}`,
  });
}

/** The variables with the keys of the roles’ models: a fallback of another provider goes to its own server. */
function keyVariables({ model, models }: Settings): string[] {
  const named = [model, ...Object.values(models)].filter((each) => each !== null && each !== 'offline');
  return named.flatMap((each) => {
    const { keyVariables: keys, accountVariables = [] } = parseModelName(each ?? '')?.provider ?? OPENAI;
    return [...keys, ...accountVariables];
  });
}
