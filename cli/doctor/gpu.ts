import { askProgram } from './ask-program.ts';
import type { Check, DoctorInput, Finding } from './check.ts';

const NVIDIA = ['nvidia-smi', '--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'] as const;

/** The GPUs that the machine’s own tools see; a training may still need a build of its framework that uses them. */
export function gpuCheck({ context }: DoctorInput): Check {
  return {
    name: 'GPU',
    look: async (signal): Promise<Finding> => {
      const nvidia = await askProgram([...NVIDIA], context, signal);
      if (nvidia?.exitCode === 0) return { status: 'ok', finding: describeNvidia(nvidia.stdout) };
      if (nvidia !== undefined)
        return {
          status: 'warning',
          finding: `nvidia-smi does not answer: ${nvidia.stopped ? 'no answer in time' : (nvidia.tail.at(-1) ?? 'no reason given')}`,
          mend: 'Restart the machine, or install the NVIDIA driver again; until then trainings use the CPU.',
        };
      const rocm = await askProgram(['rocm-smi', '--showproductname'], context, signal);
      if (rocm?.exitCode === 0) return { status: 'ok', finding: 'AMD: rocm-smi answers' };
      return { status: 'skipped', finding: 'none found; trainings use the CPU' };
    },
  };
}

/** `NVIDIA H200, 143771 MiB, 570.1` a line → one phrase for each GPU. */
function describeNvidia(output: string): string {
  const gpus = output
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const described = gpus.map(([name, memory]) => `${name} (${memory})`);
  return `${described.join(', ')}, driver ${gpus[0]?.[2] ?? 'unknown'}`;
}
