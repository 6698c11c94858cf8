import { confirmFirstUses } from '../confirm-first-use.ts';
import { createSay } from '../say.ts';
import type { CheckRequest } from './check-task.ts';
import type { Checked } from './checked.ts';

/** One question for all folders that need one, before the first of them runs. Throws `not-confirmed`. */
export async function confirmPlanned({ context, options }: CheckRequest, planned: readonly Checked[]): Promise<void> {
  const say = createSay(context, false);
  const uses = planned.flatMap(({ plan }) => {
    if (plan === undefined) return [];
    const { task, settings } = plan;
    return [{ task, context, settings, isConfirmed: options['yes'] === true, say }];
  });
  await confirmFirstUses(uses);
}
