import { dirname, join } from 'node:path';
import { ATTEMPTS_FOLDER } from './run-paths.ts';

/** What a sandboxed program may see and reach; everything else of the machine does not exist for it. */
export interface Sandbox {
  /** The program bwrap; absolute. */
  readonly bubblewrap: string;
  /** Files and folders seen at their own place, and never written. Absolute. */
  readonly readable: readonly string[];
  /** Symbolic links on the way to the interpreter that stand in none of the readable folders. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Device nodes of GPUs, files and folders. */
  readonly devices: readonly string[];
  readonly hasNetwork: boolean;
}

/** A program to be started inside. */
export interface SandboxedProgram {
  /** Absolute path of the program, then its arguments. */
  readonly command: readonly string[];
  /** Where it starts. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that it may write; each must exist. */
  readonly writable: readonly string[];
  /** Files in writable folders that it may not write, nor replace; each must exist. */
  readonly fixed?: readonly string[];
}

/** Programs and libraries of the system. What is not there is left out. */
const SYSTEM = '/usr /bin /sbin /lib /lib32 /lib64 /libx32 /opt /nix/store /gnu/store /run/opengl-driver /sys'.split(
  ' ',
);

/** Of /etc what programs need to run at all: names, certificates, the loader, fonts. Never its passwords and keys. */
const CONFIGURATION =
  'alternatives ca-certificates ca-certificates.conf crypto-policies fonts gai.conf group host.conf hosts ld.so.cache ld.so.conf ld.so.conf.d localtime lsb-release mime.types nsswitch.conf OpenCL os-release passwd pki protocols resolv.conf services ssl/certs ssl/openssl.cnf timezone vulkan'
    .split(' ')
    .map((name) => `/etc/${name}`);

/** Emptied, private, gone with the program. */
export const PRIVATE = ['/tmp', '/var/tmp', '/run'];

/**
 * The command line that starts a program inside bubblewrap: read-only system and `readable`, a
 * private /tmp, /dev, home and process table, no capability, and no network unless the sandbox has one. bubblewrap
 * passes on the program’s exit code, a signal as 128 + its number.
 */
export function sandboxCommand(sandbox: Sandbox, program: SandboxedProgram): string[] {
  const { bubblewrap, readable, links, devices, hasNetwork } = sandbox;
  const { command, folder, environment, writable, fixed = [] } = program;
  return [
    bubblewrap,
    ...['--unshare-all', ...(hasNetwork ? ['--share-net'] : []), '--cap-drop', 'ALL', '--die-with-parent'],
    ...[...PRIVATE, ...privateHome(environment)].flatMap((path) => ['--tmpfs', path]),
    ...[...SYSTEM, ...CONFIGURATION].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...devices.flatMap((path) => ['--dev-bind-try', path, path]),
    // Sorted: a folder before what lies in it.
    ...readable.toSorted().flatMap((path) => ['--ro-bind', path, path]),
    ...links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...writable.flatMap((path) => ['--bind', path, path]),
    ...fixed.flatMap((path) => ['--ro-bind', path, path]),
    ...('TMPDIR' in environment ? ['--setenv', 'TMPDIR', '/tmp'] : []),
    ...['--chdir', folder, '--', ...command],
  ];
}

/**
 * A training inside: its working copy is writable, but for what the runner keeps there to know the training’s end, and
 * for the output, which a link in its place could turn into any file of the user’s.
 */
export function sandboxTraining(
  sandbox: Sandbox,
  training: Pick<SandboxedProgram, 'command' | 'folder' | 'environment'>,
): string[] {
  const records = join(training.folder, ATTEMPTS_FOLDER);
  return sandboxCommand(sandbox, {
    ...training,
    writable: [training.folder],
    fixed: [records, join(training.folder, 'stdout.log')],
  });
}

/** Whether every program inside sees `path` anyway. */
export function isOfTheSystem(path: string): boolean {
  return SYSTEM.some((folder) => isWithin(path, folder));
}

/** An empty home, for caches; none where it would hide the system itself. */
function privateHome({ HOME: home }: SandboxedProgram['environment']): string[] {
  const hidesSystem = home === undefined || [...SYSTEM, ...PRIVATE].some((path) => isWithin(path, home));
  return hidesSystem || !home.startsWith('/') ? [] : [home];
}

/** Whether `path` is `folder` or lies in it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  for (let each = path; ; each = dirname(each)) {
    if (each === folder) return true;
    if (each === dirname(each)) return false;
  }
}
