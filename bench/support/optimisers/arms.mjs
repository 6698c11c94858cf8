import { join } from 'node:path';
import { ROOT } from '../workplace.mjs';
import { JsonLinesProcess } from './json-lines-process.mjs';
import { pythonEnvironment, pythonOf } from './pythons.mjs';

/**
 * What is compared, the cheap ones first. An arm of agenthpo says what `tune` would be told; `isAnonymous` hides the names
 * of parameters, so that general knowledge about them is of no use. Every other arm names the environment it runs in.
 */
export const ARMS = {
  random: { environment: 'oracle' },
  'default+random': { environment: 'oracle' },
  creator: { settings: { strategy: 'creator' }, model: 'offline' },
  'creator-anonymous': { settings: { strategy: 'creator' }, model: 'offline', isAnonymous: true },
  hybrid: { settings: { strategy: 'hybrid' }, model: 'offline' },
  'hybrid-anonymous': { settings: { strategy: 'hybrid' }, model: 'offline', isAnonymous: true },
  'llm-then-gp': { settings: { strategy: 'llm-then-gp' }, model: 'offline' },
  gp: { settings: { strategy: 'gp' } },
  tpe: { settings: { strategy: 'tpe' } },
  'quasi-random': { settings: { strategy: 'quasi-random' } },
  grid: { settings: { strategy: 'grid' } },
  'optuna-tpe': { environment: 'optuna' },
  'optuna-tpe-2': { environment: 'optuna' },
  'smac-rf': { environment: 'smac' },
  'optuna-gp': { environment: 'optuna' },
  'optuna-gp-2': { environment: 'optuna' },
  'optuna-auto': { environment: 'optuna' },
  'smac-gp': { environment: 'smac' },
  hebo: { environment: 'hebo' },
  ax: { environment: 'ax' },
};

/** Whether an arm is this program: then the program’s hash says which version of it was measured. */
export function isOurs(arm) {
  return ARMS[arm].settings !== undefined;
}

/** A process that runs studies of one arm: asked `{problem, seed, samplerSeed, trials}` it answers `{version, trials}` or `{error}`. */
export function startArm(arm, program) {
  const env = pythonEnvironment();
  const cwd = join(ROOT, 'bench');
  const { environment } = ARMS[arm];
  const ours = () => [process.execPath, join(ROOT, 'bench/support/optimisers/our-studies.mjs'), arm, program.folder];
  return new JsonLinesProcess(isOurs(arm) ? ours() : [pythonOf(environment), '-m', 'peers', arm], { cwd, env });
}
