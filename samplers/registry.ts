import type { Sampler } from './sampler.ts';

/**
 * Every sampler by its name. A new one is its file and one line here: `--strategy`, its help and completion, the settings
 * and the contract tests take their names from this list. Loaded when used, so that naming them costs no start-up time.
 */
export const SAMPLERS = {
  tpe: async () => (await import('./tpe.ts')).tpeSampler,
  gp: async () => (await import('./gaussian-process.ts')).gaussianProcessSampler,
  'quasi-random': async () => (await import('./quasi-random.ts')).quasiRandomSampler,
  random: async () => (await import('./random.ts')).randomSampler,
  grid: async () => (await import('./grid.ts')).gridSampler,
} satisfies Readonly<Record<string, () => Promise<Sampler>>>;

export type SamplerName = keyof typeof SAMPLERS;

/** In the order in which help and documentation list them. */
export const SAMPLER_NAMES: readonly SamplerName[] = Object.keys(SAMPLERS).filter(isSamplerName);

function isSamplerName(name: string): name is SamplerName {
  return Object.hasOwn(SAMPLERS, name);
}
