import { z } from 'zod';
import { MODEL_QUIRK_NAMES } from '../study/model-quirk.ts';

const model = z.string().nullable().default(null);

/** A model for each role; null: the one that serves all. */
export const roleModelSettings = { creator: model, executor: model, report: model };

/** What each model’s server is known to refuse. */
export const quirkSettings = z.record(z.string(), z.array(z.enum(MODEL_QUIRK_NAMES)));
