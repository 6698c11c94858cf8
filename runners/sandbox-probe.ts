import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { AgentHpoError } from '../study/errors.ts';
import { runCommand } from './python-command.ts';
import { type Sandbox, sandboxCommand } from './sandbox.ts';

type Environment = Readonly<Record<string, string>>;

const LIMIT_SECONDS = 60;

/**
 * The program bwrap, after it has shown that it can make a sandbox on this machine. Throws `sandbox-unavailable`: what
 * was to run inside must then not run at all.
 */
export async function probeBubblewrap(environment: Environment, signal: AbortSignal): Promise<string> {
  const bubblewrap = findBubblewrap(environment);
  const bare = { bubblewrap, readable: [], links: [], devices: [], hasNetwork: false };
  const problem = await tryInside(bare, ['/bin/sh', '-c', ':'], environment, signal);
  if (problem === undefined) return bubblewrap;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `bubblewrap cannot make a sandbox here: ${problem}`,
    hint: cureOf(readKernelSettings()),
  });
}

/** Throws `sandbox-unavailable` when the interpreter that is to train does not even start inside. */
export async function assertPythonStarts(
  sandbox: Sandbox,
  interpreter: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const problem = await tryInside(sandbox, [interpreter, '-c', ''], environment, signal);
  if (problem === undefined) return;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message: `${interpreter} does not start inside the sandbox: ${problem}`,
    hint: 'Name a Python of a virtual environment, or of the system, with --python.',
  });
}

/** What an attempt to run a harmless command inside came to; undefined when it ended well. */
async function tryInside(
  sandbox: Sandbox,
  command: readonly string[],
  environment: Environment,
  signal: AbortSignal,
): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'agenthpo-sandbox-'));
  try {
    const inside = sandboxCommand(sandbox, { command, folder, environment, writable: [folder] });
    const { exitCode, tail } = await runCommand(
      { command: inside, folder, environment, limitSeconds: LIMIT_SECONDS },
      signal,
    );
    return exitCode === 0 ? undefined : (tail.at(-1) ?? `exit code ${exitCode}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only absolute entries of PATH: a task’s folder, where we may stand, must not bring its own bwrap. */
function findBubblewrap({ PATH: path = '' }: Environment): string {
  const candidates = path.split(delimiter).filter(isAbsolute);
  const found = candidates.map((folder) => join(folder, 'bwrap')).find(isProgram);
  if (found !== undefined) return found;
  throw new AgentHpoError({
    code: 'sandbox-unavailable',
    message:
      process.platform === 'linux'
        ? 'The sandbox needs bubblewrap, and there is no program bwrap on PATH.'
        : `The sandbox needs bubblewrap, which exists on Linux only, and this is ${process.platform}.`,
    hint:
      process.platform === 'linux'
        ? 'Install it: apt install bubblewrap (dnf, pacman, zypper and apk have a package of that name too).'
        : 'Tune inside a container or a virtual machine with Linux, or leave --sandbox out and trust the script.',
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or nobody’s to run: PATH goes on.
    return false;
  }
}

/** What the kernel says about sandboxes of ordinary users; undefined where it has no such setting. */
export interface KernelSettings {
  /** Debian’s own switch. */
  readonly clone: string | undefined;
  /** Ubuntu’s, since 23.10. */
  readonly appArmor: string | undefined;
  readonly maximum: string | undefined;
}

function readKernelSettings(): KernelSettings {
  const read = (name: string) => {
    const file = `/proc/sys/${name}`;
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  };
  return {
    clone: read('kernel/unprivileged_userns_clone'),
    appArmor: read('kernel/apparmor_restrict_unprivileged_userns'),
    maximum: read('user/max_user_namespaces'),
  };
}

/** One action that lets a user make sandboxes again. */
export function cureOf({ clone, appArmor, maximum }: KernelSettings): string {
  if (clone === '0') return 'Allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (maximum === '0') return 'Allow user namespaces: sudo sysctl -w user.max_user_namespaces=10000';
  if (appArmor === '1')
    return 'AppArmor forbids it (Ubuntu 23.10 and newer). Allow bwrap alone: sudo apt install apparmor-profiles && sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && sudo systemctl reload apparmor';
  return 'In a container, allow user namespaces when it is started (docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined), or tune on the machine itself.';
}
