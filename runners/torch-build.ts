import { existsSync, readdirSync } from 'node:fs';
import { systemCodeOf } from '../study/errors.ts';
import { onPath } from './python-candidates.ts';
import { runCommand } from './python-command.ts';
import { installerEnvironment } from './python-installer-environment.ts';
import type { ProbedPython, RequirementsCheck } from './python-probe.ts';

/** Packages that are PyTorch or bring it along. */
export const BRINGS_TORCH: ReadonlySet<string> = new Set(
  'torch torchvision torchaudio lightning pytorch-lightning accelerate sentence-transformers timm ultralytics fastai peft trl'.split(
    ' ',
  ),
);

/** Which build of PyTorch an environment gets, and how the installers are told. */
export interface TorchBuild {
  /** `default` is PyPI’s, with CUDA on Linux; `cpu-here`: a wheel of the CPU build lies on this machine. */
  readonly kind: 'default' | 'cpu' | 'cpu-here';
  readonly pipArguments: readonly string[];
  readonly uvVariables: Readonly<Record<string, string>>;
  /** What the user should know of the choice. */
  readonly note?: string;
}

/** The choice for requirements that want no PyTorch, or leave it to pip. */
export const DEFAULT_TORCH: TorchBuild = { kind: 'default', pipArguments: [], uvVariables: {} };

export interface TorchRequest {
  readonly base: Pick<ProbedPython, 'version' | 'platform'>;
  readonly check: Pick<RequirementsCheck, 'asked' | 'namesIndex'>;
  /** The tuner’s own environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the drivers of NVIDIA, of AMD and of Windows (for its Linux subsystem) put there. */
const GPU_DEVICES = ['/dev/nvidia0', '/dev/nvidiactl', '/dev/kfd', '/dev/dxg'];

/** Who says where packages come from has decided which build it is; --find-links only adds to that. */
const INDEX_SETTING = /^(PIP|UV)_(INDEX|INDEX_URL|EXTRA_INDEX_URL|DEFAULT_INDEX|NO_INDEX|OFFLINE|TORCH_BACKEND)$/;

/**
 * Whether an environment for these requirements is to hold PyTorch’s CPU build: on Linux PyPI’s own is 3 GB of CUDA
 * that a machine without a GPU never uses (elsewhere PyPI has the right one). Other choices of the user come first.
 */
export function wantsCpuTorch({ base, check, environment }: TorchRequest, devices = GPU_DEVICES): boolean {
  if (!/linux/i.test(base.platform) || !check.asked.some(({ name }) => BRINGS_TORCH.has(name))) return false;
  if (check.namesIndex || Object.keys(environment).some((name) => INDEX_SETTING.test(name))) return false;
  return !devices.some((device) => existsSync(device)) && onPath('nvidia-smi', environment['PATH'] ?? '') === undefined;
}

const CPU_INDEX = 'https://download.pytorch.org/whl/cpu';

/** Where the CPU build comes from on this machine: a wheel that lies here, PyTorch’s index, else there is none to be had. */
export async function locateCpuTorch(
  request: TorchRequest,
  interpreter: string,
  signal: AbortSignal,
  index = CPU_INDEX,
): Promise<TorchBuild> {
  const folder = folderOfWheel(request);
  if (folder !== undefined)
    return {
      kind: 'cpu-here',
      pipArguments: [],
      uvVariables: { UV_FIND_LINKS: folder },
      note: `No GPU seen: the CPU build of torch, from ${folder}.`,
    };
  if (!(await isReachable(index, interpreter, request.environment, signal)))
    return {
      ...DEFAULT_TORCH,
      note: `No GPU seen, but ${new URL(index).host} does not answer: torch comes in the build found elsewhere, most likely the large one for GPUs.`,
    };
  return {
    kind: 'cpu',
    pipArguments: ['--extra-index-url', index],
    uvVariables: { UV_TORCH_BACKEND: 'cpu' },
    note: 'No GPU seen: the CPU build of torch.',
  };
}

/** The folder of PIP_FIND_LINKS with the CPU build of exactly the version asked for, which pip prefers to PyPI’s own. */
function folderOfWheel({ base, check, environment }: TorchRequest): string | undefined {
  const asked = check.asked.filter(({ name }) => BRINGS_TORCH.has(name));
  // torchvision and its like must be of the same build, and who knows what the others bring.
  const version = asked.length === 1 ? /^torch\s*==\s*([\w.]+)\s*$/.exec(asked[0]?.requirement ?? '')?.[1] : undefined;
  if (version === undefined) return undefined;
  const [major, minor] = base.version.split('.');
  const wheel = `torch-${version}+cpu-cp${major}${minor}-`;
  const folders = (environment['PIP_FIND_LINKS'] ?? '').split(/\s+/).filter((folder) => folder.startsWith('/'));
  return folders.find((folder) => namesIn(folder).some((name) => name.startsWith(wheel)));
}

/** pip takes more than folders (a page of links), and passes over what it cannot read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}

/** pip waits for minutes for an index that is not there. Certificates are the installers’ own matter. */
const ASK_INDEX = `
import ssl, sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(urllib.request.Request(sys.argv[1] + '/torch/', method='HEAD'), timeout=4)
except urllib.error.URLError as error:
    sys.exit(0 if isinstance(getattr(error, 'reason', None), ssl.SSLCertVerificationError) else 1)`;
const ASK_LIMIT_SECONDS = 8;

/** Asked with Python, which knows of proxies what pip knows. */
async function isReachable(
  index: string,
  interpreter: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const command = [interpreter, '-I', '-c', ASK_INDEX, index];
  const request = { command, folder: '/', environment: installerEnvironment(environment) };
  return (await runCommand({ ...request, limitSeconds: ASK_LIMIT_SECONDS }, signal)).exitCode === 0;
}
