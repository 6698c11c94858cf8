import { lackingIn } from '../../runners/optuna/python.ts';
import { OPTUNA_SAMPLERS } from '../../study/strategy.ts';
import { definedOf } from './ask-program.ts';
import type { Check, DoctorInput } from './check.ts';
import { planFor } from './python.ts';

/** Which of Optuna’s samplers the Python of a task that asks for nothing special could run. */
export function optunaCheck(input: DoctorInput): Check {
  return {
    name: 'Optuna',
    look: async (signal) => {
      const { interpreter } = await planFor(input, signal);
      const environment = definedOf(input.context.environment);
      const found = await Promise.all(
        OPTUNA_SAMPLERS.map(async (sampler) => ({
          strategy: `optuna:${sampler}`,
          lacks: await lackingIn(interpreter, { sampler, environment }, signal),
        })),
      );
      const ready = found.filter(({ lacks }) => lacks === '').map(({ strategy }) => strategy);
      const others = found.filter(({ lacks }) => lacks !== '').map(({ strategy, lacks }) => `${strategy} (${lacks})`);
      const missing = `a study installs what is missing into an environment of its own: ${others.join(', ')}`;
      if (ready.length === 0) return { status: 'skipped', finding: `not in ${interpreter}; ${missing}` };
      const there = `${ready.join(', ')} with ${interpreter}`;
      return { status: 'ok', finding: others.length === 0 ? there : `${there}; ${missing}` };
    },
  };
}
