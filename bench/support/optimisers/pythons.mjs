import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workplace.mjs';

/** The interpreter of one of the virtual environments that bench/peers/install.sh makes. Throws when it is not there. */
export function pythonOf(environment) {
  const folder = process.env.AGENTHPO_BENCH_VENVS ?? join(ROOT, 'bench/.venv');
  const python = join(folder, environment, 'bin/python');
  if (!existsSync(python)) throw new Error(`There is no ${python}. Make it: bench/peers/install.sh ${environment}`);
  return python;
}

/** What a child process of the comparison gets: one thread each, and where to find the oracle. */
export function pythonEnvironment() {
  const single = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  return { ...process.env, ...single, AGENTHPO_BENCH_PYTHON: pythonOf('oracle') };
}
