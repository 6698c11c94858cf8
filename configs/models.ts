import { z } from 'zod';
import { MODEL_QUIRK_NAMES } from '../study/model-quirk.ts';

const model = z.string().nullable().default(null);

/** A model for each role; null: the one that serves all. */
export const roleModelSettings = { creator: model, executor: model, report: model };

/** Models in an order; in a variable, with commas between them. */
export const modelList = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(',').map((name) => name.trim())),
]);

/** What each model’s server is known to refuse. */
export const quirkSettings = z.record(z.string(), z.array(z.enum(MODEL_QUIRK_NAMES)));
