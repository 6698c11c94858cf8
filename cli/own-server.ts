import { isOnThisMachine } from '../agents/models/credentials.ts';
import { OPENAI, parseModelName } from '../agents/models/providers.ts';
import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import { isCreatorStrategy } from '../study/strategy.ts';
import { isOwnWord, type SettingsSources } from './settings.ts';
import { modelSettingsOf } from './study-changes.ts';
import type { StudyRecord } from './study-record.ts';

/** What decides which key goes to which server. */
type ServerSettings = Pick<Settings, 'base_url' | 'strategy' | 'executor' | 'model' | 'models'>;

/**
 * Throws `model-unusable` where a base URL that only the folder’s agenthpo.yaml names would get a key of the user’s
 * environment: whoever made a downloaded folder wrote it. The user’s word is a flag, a variable or `--config`; a key in the
 * folder’s `.env` goes where the folder says, and so does any to a server on this machine.
 */
export function assertOwnServer(settings: Settings, sources: Pick<SettingsSources, 'environment' | 'flags'>): void {
  if (!isOwnWord('base_url', sources))
    assertNoKeyFor(settings, sources.environment, 'agenthpo.yaml of this folder names');
}

/** The same of a study that goes on: it may have begun before there was a key. */
export function assertOwnServerOf(record: StudyRecord, environment: SettingsSources['environment']): void {
  const settings = modelSettingsOf(record);
  if (!record.own_base_url)
    assertNoKeyFor(settings, environment, 'agenthpo.yaml of the folder where the study began named');
}

function assertNoKeyFor(settings: ServerSettings, environment: SettingsSources['environment'], whoNames: string): void {
  const { base_url: baseUrl, strategy, executor } = settings;
  if (baseUrl === null || isOnThisMachine(baseUrl)) return;
  if (!isCreatorStrategy(strategy) && executor === 'direct') return;
  const variable = keyVariables(settings).find((name) => (environment[name] ?? '').trim() !== '');
  if (variable === undefined) return;
  throw new AgentHpoError({
    code: 'model-unusable',
    message: `${whoNames} the server ${baseUrl}, which would get ${variable} of your environment.`,
    hint: `If that is what you want, say so: --base-url ${baseUrl}`,
  });
}

/** The variables with the keys of the roles’ models: a fallback of another provider goes to its own server. */
function keyVariables({ model, models }: ServerSettings): string[] {
  const named = [model, ...Object.values(models)].filter((each) => each !== null && each !== 'offline');
  return named.flatMap((each) => {
    const { keyVariables: keys, accountVariables = [] } = parseModelName(each ?? '')?.provider ?? OPENAI;
    return [...keys, ...accountVariables];
  });
}
