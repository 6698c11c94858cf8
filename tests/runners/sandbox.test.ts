import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createUnixServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalRunner } from '../../runners/local.ts';
import { type Sandbox, sandboxCommand } from '../../runners/sandbox.ts';
import { compileRooms } from '../fixtures/compile-rooms.ts';
import { aFolder, aliveOf, aRequest, outputOf, until, wrapperOf } from './some-request.ts';
import { aSandbox, whyNoSandbox } from './some-sandbox.ts';

const never = new AbortController().signal;
const reason = whyNoSandbox();

describe('the command line of a sandbox', () => {
  const sandbox: Sandbox = {
    bubblewrap: '/usr/bin/bwrap',
    readable: ['/data/b', '/data'],
    links: [],
    devices: ['/dev/nvidia0'],
    hasNetwork: false,
  };
  const program = {
    command: ['/usr/bin/python3', 'train.py'],
    folder: '/study/1',
    writable: ['/study/1'],
    environment: { HOME: '/home/me' },
  };
  const line = (changes: Partial<Sandbox> = {}, environment: Record<string, string> = program.environment) =>
    sandboxCommand({ ...sandbox, ...changes }, { ...program, environment }).join(' ');

  test('a folder is mounted before what lies in it, and the working copy last', () => {
    expect(line()).toMatch(/--ro-bind \/data \/data --ro-bind \/data\/b \/data\/b .*--bind \/study\/1 \/study\/1 /);
    expect(line()).toMatch(/--chdir \/study\/1 -- \/usr\/bin\/python3 train\.py$/);
  });

  test('the network is shared only when the sandbox has one', () => {
    expect(line()).toContain('--unshare-all');
    expect(line()).not.toContain('--share-net');
    expect(line({ hasNetwork: true })).toContain('--unshare-all --share-net');
  });

  test('the GPUs’ nodes are passed through', () => {
    expect(line()).toContain('--dev-bind-try /dev/nvidia0 /dev/nvidia0');
  });

  test('the home is empty, unless that would hide the system', () => {
    expect(line()).toContain('--tmpfs /home/me');
    for (const home of ['/', '/usr', '/nix', 'relative'])
      expect(line({}, { HOME: home })).not.toContain(`--tmpfs ${home} `);
  });

  test('a temporary folder that does not exist inside is /tmp', () => {
    expect(line({}, { TMPDIR: '/scratch/me' })).toContain('--setenv TMPDIR /tmp');
  });
});

describe.skipIf(reason !== undefined)(`inside a sandbox${reason === undefined ? '' : ` (${reason})`}`, () => {
  /** What `code` prints inside; its task folder holds `secret.txt` and is readable. */
  async function inside(code: string, changes: Partial<Sandbox> = {}) {
    const taskFolder = aFolder();
    writeFileSync(join(taskFolder, 'kept.txt'), 'kept');
    const sandbox = await aSandbox(taskFolder, changes);
    const request = aRequest('prints-metric.py');
    const [python = ''] = request.command;
    const training = { ...request, command: [python, '-c', code, taskFolder] };
    const outcome = await createLocalRunner({ graceSeconds: 1, sandbox }).run(training, never);
    return { outcome, taskFolder, folder: request.folder, output: outputOf(request) };
  }

  /** Tries `action`, and prints its error’s name or that it went well. */
  const attempt = (action: string) =>
    `import sys, os, socket\ntry:\n    ${action}\n    print("it went well")\nexcept Exception as error: print(type(error).__name__, error)`;

  test('the task folder is read and not written', async () => {
    const read = await inside(attempt('print(open(sys.argv[1] + "/kept.txt").read())'));
    expect(read.output).toBe('kept\nit went well\n');
    for (const action of ['open(sys.argv[1] + "/new.txt", "w")', 'os.remove(sys.argv[1] + "/kept.txt")']) {
      const { output, taskFolder } = await inside(attempt(action));
      expect(output).toContain('Read-only file system');
      expect(existsSync(join(taskFolder, 'kept.txt'))).toBe(true);
    }
  });

  test('the working copy is written, and /tmp and /dev/shm, which are its own', async () => {
    const { output, folder } = await inside(
      attempt('[open(path, "w").write("x") for path in ("model.pt", "/tmp/agenthpo-mark", "/dev/shm/agenthpo-mark")]'),
    );
    expect(output).toBe('it went well\n');
    expect(readFileSync(join(folder, 'model.pt'), 'utf8')).toBe('x');
    expect(existsSync('/tmp/agenthpo-mark') || existsSync('/dev/shm/agenthpo-mark')).toBe(false);
  });

  test('another folder, the home and the passwords do not exist', async () => {
    const elsewhere = aFolder();
    writeFileSync(join(elsewhere, 'id_rsa'), 'secret');
    const { output } = await inside(attempt(`open("${elsewhere}/id_rsa").read()`));
    expect(output).toContain('FileNotFoundError');
    const listing = await inside(
      attempt(
        'print([os.path.exists(each) for each in ("/etc/shadow", os.path.expanduser("~/.ssh"), "/root/.bashrc")])',
      ),
    );
    expect(listing.output).toContain('[False, False, False]');
    expect((await inside(attempt('open("/usr/bin/mark", "w")'))).output).toContain('Read-only file system');
  });

  test('there is no network, not even to this machine, unless it is given', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connect = attempt(`socket.create_connection(("127.0.0.1", ${port}), 5)`);
    expect((await inside(connect)).output).toMatch(/ConnectionRefusedError|OSError/);
    expect((await inside(connect, { hasNetwork: true })).output).toBe('it went well\n');
    server.close();
  });

  test('no process but the training’s own is seen or signalled', async () => {
    const { output } = await inside(attempt('print(sorted(each for each in os.listdir("/proc") if each.isdigit()))'));
    expect(output).toBe("['1', '2']\nit went well\n");
    const kill = await inside(attempt(`os.kill(${process.pid}, 9)`));
    expect(kill.output).toContain('ProcessLookupError');
    // Its parent is the sandbox’s own first process: that end is the training’s, and nobody else’s.
    const parent = await inside(attempt('os.kill(os.getppid(), 9); os.kill(-1, 15)'));
    expect(parent.outcome).toMatchObject({ outcome: 'exited' });
  });

  test('the runner’s records and the output are not the training’s to forge', async () => {
    const records = await inside(
      attempt('[open(os.path.join(folder, "result.json"), "w") for folder, _, files in os.walk(".attempts") if files]'),
    );
    expect(records.output).toContain('Read-only file system');
    const output = await inside(attempt('os.remove("stdout.log")'));
    expect(output.output).toContain('OSError');
    expect(output.outcome).toMatchObject({ outcome: 'exited', exitCode: 0 });
  });

  test('a GPU’s nodes would be passed through: /dev holds nothing else of this machine', async () => {
    const { output } = await inside('import os; print(sorted(os.listdir("/dev")))', { devices: ['/dev/nowhere'] });
    expect(output).not.toContain('nowhere');
    expect(output).not.toMatch(/'(sd|nvme|vd|loop|mem|kmsg)/);
  });

  test('workers with semaphores and shared memory, as data loaders use them, work', async () => {
    const { output } = await inside(
      'import multiprocessing as m\nwith m.get_context("fork").Pool(2) as pool: print(sum(pool.map(abs, [-1, -2])))',
    );
    expect(output).toBe('3\n');
  });

  test('a task folder that is the home itself is refused', async () => {
    const { sandboxView } = await import('../../runners/sandbox-view.ts');
    const home = aFolder();
    const link = join(aFolder(), 'home');
    symlinkSync(home, link);
    for (const [taskFolder, named] of [
      [home, home],
      [home, link],
      [link, home],
      [home, `${home}/`],
    ] as const)
      await expect(
        sandboxView({ taskFolder, interpreter: '/usr/bin/python3', environment: {}, home: named }, never),
      ).rejects.toMatchObject({ code: 'sandbox-unavailable', message: expect.stringContaining(taskFolder) });
  });

  test('an interpreter of the task folder is refused: it would have to be asked outside', async () => {
    const taskFolder = aFolder();
    const interpreter = join(taskFolder, '.venv/bin/python');
    mkdirSync(join(taskFolder, '.venv/bin'), { recursive: true });
    writeFileSync(interpreter, `#!/bin/sh\ntouch ${taskFolder}/ran\n`, { mode: 0o755 });
    await expect(aSandbox(taskFolder, {}, { interpreter })).rejects.toMatchObject({ code: 'sandbox-unavailable' });
    expect(existsSync(join(taskFolder, 'ran'))).toBe(false);
  });

  test('the socket of a program outside, reached over a link, takes no connection', async () => {
    const [folder, sockets] = [aFolder(), aFolder()];
    const path = join(sockets, 'service.sock');
    const server = createUnixServer((connection) => connection.end('hello')).listen(path);
    await once(server, 'listening');
    writeFileSync(join(folder, 'train.py'), '');
    symlinkSync(path, join(folder, 'sock'));
    symlinkSync(sockets, join(folder, 'sockets'));
    symlinkSync('train.py', join(folder, 'again.py'));
    const { readable } = await aSandbox(folder);
    const code = attempt(`s = socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect("${path}")`);
    const { output } = await inside(code, { readable: [...readable] });
    server.close();
    expect(output).toContain('FileNotFoundError');
  });
});

describe.skipIf(reason !== undefined)('a sandboxed training whose tuner is killed', () => {
  const TUNER = fileURLToPath(new URL('../fixtures/tuner.mjs', import.meta.url));
  const runner = createLocalRunner({ graceSeconds: 1 });
  let rooms: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    rooms = compileRooms(['study', 'runners']);
    sandbox = await aSandbox();
  });
  afterAll(() => rmSync(rooms, { recursive: true, force: true }));

  async function orphaned(code: string) {
    const request = aRequest('never-ends.py');
    const training = { ...request, command: [request.command[0] ?? '', '-c', code] };
    const words = [TUNER, rooms, 'run', JSON.stringify(training), JSON.stringify(sandbox)];
    const tuner: ChildProcess = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(() => outputOf(request) !== '');
    tuner.kill('SIGKILL');
    await once(tuner, 'exit');
    return training;
  }

  const WAITS =
    'import os, sys, time\nprint("METRIC loss=0.5", flush=True)\nwhile not os.path.exists("go"): time.sleep(0.02)\nsys.exit(7)';

  test('goes on, and is adopted with its exit code', async () => {
    const request = await orphaned(WAITS);
    const adopted = runner.recover(request.folder, request.attemptId, never);
    writeFileSync(join(request.folder, 'go'), '');
    expect(await adopted).toMatchObject({ outcome: 'exited', exitCode: 7, signal: null });
    expect(aliveOf(request)).toEqual([]);
  });

  test('hears SIGTERM when its next tuner is interrupted, and has its grace', async () => {
    const code = `import signal, sys\ndef leave(*_):\n    open("saved", "w").close(); sys.exit(0)\nsignal.signal(signal.SIGTERM, leave)\n${WAITS}`;
    const request = await orphaned(code);
    const stop = new AbortController();
    const adopted = runner.recover(request.folder, request.attemptId, stop.signal);
    stop.abort();
    expect((await adopted).outcome).toBe('interrupted');
    expect(existsSync(join(request.folder, 'saved'))).toBe(true);
    expect(aliveOf(request)).toEqual([]);
  });

  test('ends with its wrapper', async () => {
    const request = await orphaned(WAITS);
    process.kill(wrapperOf(request) ?? Number.NaN, 'SIGKILL');
    await until(() => aliveOf(request).length === 0);
    expect((await runner.recover(request.folder, request.attemptId, never)).outcome).toBe('lost');
  });
});
