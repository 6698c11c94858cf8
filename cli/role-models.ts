import type { ModelRole } from '../agents/model-access.ts';
import { type Provider, parseModelName } from '../agents/models/providers.ts';
import type { StudyRecord } from './study-record.ts';

/** The model of each role: the Creator’s proposals, the Executor’s trials, the final analysis. */
export type RoleModels = Readonly<Record<ModelRole, string>>;

/** The model of each role, where `model` serves those that name none; the Creator’s also writes the final analysis. */
export function roleModels(model: string, named: Readonly<Record<ModelRole, string | null>>): RoleModels {
  const creator = named.creator ?? model;
  return { creator, executor: named.executor ?? model, report: named.report ?? creator };
}

/** No role names a model of its own. */
export const ONE_FOR_ALL = { creator: null, executor: null, report: null };

/** The models as a study keeps them beside its main one: each by its role, where they are not all the same. */
export function keptModels(models: RoleModels | null): StudyRecord['models'] {
  return models === null || distinctModels(models).length === 1 ? ONE_FOR_ALL : { ...models };
}

/** The first provider among these models, which a base URL belongs to; undefined when all are embedded. */
export function providerOf(models: RoleModels): Provider | undefined {
  return distinctModels(models).flatMap((each) => parseModelName(each)?.provider ?? [])[0];
}

/** The models of a study; undefined when none takes part. */
export function roleModelsOf({ model, models }: Pick<StudyRecord, 'model' | 'models'>): RoleModels | undefined {
  return model === null ? undefined : roleModels(model, models);
}

/** Each model once, those that may take over last. */
export function distinctModels(models: RoleModels, fallbacks: readonly string[] = []): string[] {
  return [...new Set([models.creator, models.executor, models.report, ...fallbacks])];
}
