import { dirname } from 'node:path';
import { runCommand } from './python-command.ts';
import { installerEnvironment } from './python-installer-environment.ts';
import type { RequirementsCheck } from './python-probe.ts';
import { BRINGS_TORCH, type TorchBuild } from './torch-build.ts';
import { type EnvironmentOrder, uvProgram } from './virtual-environment-build.ts';

/** Downloads above this are said before they begin. */
const LARGE_BYTES = 200e6;
const RESOLVE_LIMIT_SECONDS = 60;

/** What an installation is going to download, as far as it can be known without downloading. */
export interface DownloadEstimate {
  /** null: unknown. */
  readonly bytes: number | null;
  /** `exact`: from the package index; `rough`: from a table of well-known large packages. */
  readonly precision: 'exact' | 'rough' | 'unknown';
  /** The largest files, largest first. */
  readonly largest: readonly { readonly name: string; readonly bytes: number }[];
}

/**
 * What the wheels for Linux on x86-64 weigh with all they bring along (PyPI, 2025), CUDA libraries included. Only
 * packages that are, or bring, something large; others count as small. PyTorch: see below.
 */
const LARGE_PACKAGES: Readonly<Record<string, number>> = {
  vllm: 4e9,
  tensorflow: 0.65e9,
  'tensorflow-cpu': 0.25e9,
  'jax-cuda12-plugin': 2.5e9,
  xgboost: 0.4e9,
  pyspark: 0.4e9,
};

/** PyTorch with what it brings along, by its build. */
const TORCH_BYTES: Readonly<Record<TorchBuild['kind'], number>> = { default: 3e9, cpu: 0.25e9, 'cpu-here': 0 };

/**
 * pip tells no sizes beforehand: its dry run downloads every file before pip 25.3 and its report never holds a size, so
 * without uv the table answers, and pip’s own lines name each file’s size before its first byte. uv reads the sizes
 * from the index; it is asked without building anything, for a build runs a package’s code.
 */
export async function estimateDownload(
  wanted: EnvironmentOrder,
  check: RequirementsCheck,
  signal: AbortSignal,
): Promise<DownloadEstimate> {
  const uv = uvProgram(wanted.environment);
  const exact = uv === undefined || check.unjudged.length > 0 ? undefined : await askUv(uv, wanted, signal);
  return exact ?? fromTable(check, wanted.torch);
}

/** A line for the user when the download is large; undefined when it is not, or when nothing is known. */
export function largeDownloadLine({ bytes, precision, largest }: DownloadEstimate): string | undefined {
  if (bytes === null || bytes < LARGE_BYTES) return undefined;
  const parts = largest.map((file) => `${file.name} ${inWords(file.bytes)}`).join(', ');
  return precision === 'exact'
    ? `This downloads ${inWords(bytes)} (${parts}).`
    : `This may download about ${inWords(bytes)} (${parts}, with what they bring along).`;
}

async function askUv(uv: string, wanted: EnvironmentOrder, signal: AbortSignal): Promise<DownloadEstimate | undefined> {
  const { base, requirements } = wanted;
  const command = [uv, 'pip', 'compile', '--format', 'pylock.toml', '--quiet', '--no-header', '--no-build'];
  const end = await runCommand(
    {
      command: [...command, '--python', base.executable, requirements],
      folder: dirname(requirements),
      environment: { ...wanted.torch.uvVariables, ...installerEnvironment(wanted.environment) },
      limitSeconds: RESOLVE_LIMIT_SECONDS,
    },
    signal,
  );
  return end.exitCode === 0 ? sizesIn(end.stdout) : undefined;
}

/** Reads uv’s lock format (PEP 751): of each package the largest wheel that fits this machine. */
function sizesIn(lock: string): DownloadEstimate | undefined {
  const packages = lock.split('[[packages]]').slice(1);
  const files = packages.map((text) => {
    const wheels = /^wheels = \[[\s\S]*?\]$/m.exec(text)?.[0] ?? '';
    const sizes = [...wheels.matchAll(/\bsize = (\d+)/g)].map(([, size]) => Number(size));
    return { name: /^name = "([^"]+)"/m.exec(text)?.[1] ?? '?', bytes: Math.max(0, ...sizes) };
  });
  // An index that tells no sizes is no reason to say that nothing is downloaded.
  if (files.some((file) => file.bytes === 0)) return undefined;
  return estimate(files, 'exact');
}

function fromTable({ asked }: RequirementsCheck, torch: TorchBuild): DownloadEstimate {
  // All that is asked for: a new environment has nothing yet.
  const files = asked.flatMap(({ name }) => {
    const bytes = BRINGS_TORCH.has(name) ? TORCH_BYTES[torch.kind] : LARGE_PACKAGES[name];
    return bytes === undefined || bytes === 0 ? [] : [{ name, bytes }];
  });
  if (files.length === 0) return { bytes: null, precision: 'unknown', largest: [] };
  // Most of these bring the same torch: the largest is nearer to the truth than the sum.
  return { ...estimate(files, 'rough'), bytes: Math.max(...files.map((file) => file.bytes)) };
}

function estimate(files: readonly { name: string; bytes: number }[], precision: 'exact' | 'rough'): DownloadEstimate {
  const largest = [...files].sort((one, other) => other.bytes - one.bytes).slice(0, 4);
  return { bytes: files.reduce((sum, file) => sum + file.bytes, 0), precision, largest };
}

function inWords(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
