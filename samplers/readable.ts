import { type Hyperparameters, type HyperparameterValue, isNumeric } from '../study/hyperparameter.ts';
import type { SearchSpace } from '../study/search-space.ts';

/**
 * The same configuration with its continuous numbers at `digits` significant digits, three being as a person would write them: no
 * training tells 0.0015811388300841895 from 0.00158. As it was, where rounding would leave the space.
 */
export function toReadable(space: SearchSpace, values: Hyperparameters, digits = 3): Hyperparameters {
  const rounded = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, HyperparameterValue] => {
      const parameter = space.get(name);
      const isContinuous = parameter !== undefined && isNumeric(parameter) && parameter.type === 'float';
      if (!isContinuous || parameter.step !== undefined || typeof value !== 'number') return [name, value];
      const short = Number(value.toPrecision(digits));
      return [name, short >= parameter.low && short <= parameter.high ? short : value];
    }),
  );
  return space.violations(rounded).length === 0 ? rounded : values;
}
