import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const bundled = join(import.meta.dirname, '..', '..', '..', 'tasks', 'cifar10');
const FILES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`).concat('test_batch');

/** Writes an archive with the members of `{path: text}`; `link:` in a text makes a symbolic link. */
const MAKE_ARCHIVE = `
import io, json, sys, tarfile
with tarfile.open(sys.argv[1], 'w:gz') as tar:
    for path, text in json.loads(sys.argv[2]).items():
        member = tarfile.TarInfo(path)
        if text.startswith('link:'):
            member.type, member.linkname = tarfile.SYMTYPE, text[5:]
            tar.addfile(member)
        else:
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
`;

/** prepare_data.py with another archive: what it fetches is an argument of its function, nothing a user could set. */
const PREPARE = `
import json, sys
from data_files import DatasetNotFoundError
from prepare_data import Archive, prepare
try:
    prepare(Archive(**json.loads(sys.argv[1])))
except DatasetNotFoundError as error:
    sys.exit(str(error))
`;

let scratch: string;
let task: string;
let servers: Server[];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'cifar10-'));
  task = join(scratch, 'task');
  servers = [];
  cpSync(bundled, task, { recursive: true, filter: (path) => !/\/(data|__pycache__)$/.test(path) });
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(scratch, { recursive: true });
});

function archiveOf(members: Readonly<Record<string, string>>): Buffer {
  const path = join(scratch, 'archive.tar.gz');
  const { status, stderr } = spawnSync('python3', ['-c', MAKE_ARCHIVE, path, JSON.stringify(members)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return readFileSync(path);
}

function wholeSet(): Record<string, string> {
  return Object.fromEntries(FILES.map((name) => [`cifar-10-batches-py/${name}`, `the images of ${name}`]));
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/cifar-10-python.tar.gz`;
}

function described(archive: Buffer, url: string) {
  const sha256 = createHash('sha256').update(archive).digest('hex');
  return { url, size_bytes: archive.length, sha256, unpacked_bytes: 1000 };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function prepare(wanted: object, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn('python3', ['-c', PREPARE, JSON.stringify(wanted)], {
    cwd: task,
    env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: task, PYTHONUNBUFFERED: '1', ...environment },
  });
  return endOf(child);
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...said };
}

const unpacked = (place: string, name: string) => readFileSync(join(place, 'cifar-10-batches-py', name), 'utf8');

describe('the images are fetched', () => {
  test('into data/ beside the script, with progress, and the archive goes once it is unpacked', async () => {
    const archive = archiveOf(wholeSet());
    const url = await serve((_, response) => response.end(archive));
    const { code, stdout, stderr } = await prepare(described(archive, url));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Downloading ${url}`);
    expect(stdout).toContain('100 %');
    expect(unpacked(join(task, 'data'), 'test_batch')).toBe('the images of test_batch');
    expect(readdirSync(join(task, 'data'))).toEqual(['cifar-10-batches-py']);
  });

  test('into cifar10/ of AGENTHPO_DATA where it is set, and a second run finds them there', async () => {
    const archive = archiveOf(wholeSet());
    const url = await serve((_, response) => response.end(archive));
    const shared = join(scratch, 'shared');
    expect(await prepare(described(archive, url), { AGENTHPO_DATA: shared })).toMatchObject({ code: 0 });
    expect(unpacked(join(shared, 'cifar10'), 'data_batch_5')).toBe('the images of data_batch_5');
    const again = await prepare(described(archive, 'http://127.0.0.1:9/nobody'), { AGENTHPO_DATA: shared });
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(`CIFAR-10 is there: ${shared}`) });
  });

  test('from where an interrupted download stopped', async () => {
    const archive = archiveOf(wholeSet());
    const ranges: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      ranges.push(request.headers.range);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (start > 0) response.writeHead(206).end(archive.subarray(start));
      else response.writeHead(200, { 'content-length': 100 }).end(archive.subarray(0, 100));
    });
    const first = await prepare(described(archive, url));
    expect(first.code).toBe(1);
    expect(first.stderr).toContain(`the connection ended after 100 of ${archive.length} bytes`);
    expect(await prepare(described(archive, url))).toMatchObject({ code: 0, stderr: '' });
    expect(ranges).toEqual([undefined, 'bytes=100-']);
    expect(unpacked(join(task, 'data'), 'data_batch_1')).toBe('the images of data_batch_1');
  });

  test('from the start, where the server cannot go on in the middle', async () => {
    const archive = archiveOf(wholeSet());
    mkdirSync(join(task, 'data'));
    writeFileSync(join(task, 'data', 'cifar-10-python.tar.gz.part'), 'the beginning of something else');
    const url = await serve((_, response) => response.end(archive));
    expect(await prepare(described(archive, url))).toMatchObject({ code: 0, stderr: '' });
  });

  test('not at all where a person has put the archive, which stays', async () => {
    const archive = archiveOf(wholeSet());
    mkdirSync(join(task, 'data'));
    writeFileSync(join(task, 'data', 'cifar-10-python.tar.gz'), archive);
    expect(await prepare(described(archive, 'http://127.0.0.1:9/nobody'))).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(task, 'data')).sort()).toEqual(['cifar-10-batches-py', 'cifar-10-python.tar.gz']);
  });
});

describe('what is wrong is said with the two ways to get the images, and nothing half-done stays', () => {
  const WAYS = /Either download http\S+ by hand into \S+\/data\/, or point AGENTHPO_DATA .* --stand-in\./;

  test('nobody answers', async () => {
    const { code, stderr } = await prepare(described(Buffer.from('x'), 'http://127.0.0.1:9/nobody'));
    expect(code).toBe(1);
    expect(stderr).toMatch(WAYS);
    expect(stderr).not.toContain('Traceback');
  });

  test('the connection breaks off', async () => {
    const url = await serve((_, response) => response.write('some bytes', () => response.destroy()));
    const { code, stderr } = await prepare(described(Buffer.alloc(1000), url));
    expect(code).toBe(1);
    expect(stderr).toMatch(WAYS);
    expect(stderr).not.toContain('Traceback');
  });

  test('the server has no such file', async () => {
    const url = await serve((_, response) => void response.writeHead(404).end());
    const { code, stderr } = await prepare(described(Buffer.from('x'), url));
    expect(code).toBe(1);
    expect(stderr).toContain('HTTP Error 404');
    expect(stderr).toMatch(WAYS);
  });

  test('what comes is not the archive that was published', async () => {
    const archive = archiveOf(wholeSet());
    const altered = Buffer.from(archive);
    altered[20] = (altered[20] ?? 0) ^ 1;
    const url = await serve((_, response) => response.end(altered));
    const { code, stderr } = await prepare(described(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain('has the SHA-256');
    expect(stderr).toMatch(WAYS);
    expect(readdirSync(join(task, 'data'))).toEqual([]);
  });

  test('an archive put there by hand is cut short', async () => {
    const archive = archiveOf(wholeSet());
    mkdirSync(join(task, 'data'));
    writeFileSync(join(task, 'data', 'cifar-10-python.tar.gz'), archive.subarray(0, 50));
    const { code, stderr } = await prepare(described(archive, 'http://127.0.0.1:9/nobody'));
    expect(code).toBe(1);
    expect(stderr).toContain(`has 50 bytes, the published archive ${archive.length}; remove it`);
    expect(stderr).toMatch(WAYS);
  });

  test('a folder lacks some of the files', async () => {
    const folder = join(task, 'data', 'cifar-10-batches-py');
    mkdirSync(folder, { recursive: true });
    for (const name of FILES.slice(1)) writeFileSync(join(folder, name), '');
    const { code, stderr } = await prepare(described(Buffer.from('x'), 'http://127.0.0.1:9/nobody'));
    expect(code).toBe(1);
    expect(stderr).toContain(`${folder} lacks data_batch_1.`);
  });
});

describe('an archive can only put its six files where they belong', () => {
  test('other members, paths that climb and links are not unpacked', async () => {
    const absolute = join(scratch, 'absolute');
    const hostile = { '../outside': 'x', [absolute]: 'x', 'cifar-10-batches-py/run.py': 'x' };
    const archive = archiveOf({ ...hostile, ...wholeSet(), 'cifar-10-batches-py/batches.meta': 'link:/etc/passwd' });
    const url = await serve((_, response) => response.end(archive));
    expect(await prepare(described(archive, url))).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(task, 'outside'))).toBe(false);
    expect(existsSync(absolute)).toBe(false);
    expect(readdirSync(join(task, 'data'))).toEqual(['cifar-10-batches-py']);
    expect(readdirSync(join(task, 'data', 'cifar-10-batches-py')).sort()).toEqual(FILES);
  });

  test('a link in the place of a file counts as no file', async () => {
    const archive = archiveOf({ ...wholeSet(), 'cifar-10-batches-py/test_batch': 'link:/etc/passwd' });
    const url = await serve((_, response) => response.end(archive));
    const { code, stderr } = await prepare(described(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain('the archive holds no file cifar-10-batches-py/test_batch');
    expect(existsSync(join(task, 'data', 'cifar-10-batches-py'))).toBe(false);
  });

  test('an archive without one of the files is refused by its name', async () => {
    const { 'cifar-10-batches-py/test_batch': _, ...without } = wholeSet();
    const archive = archiveOf(without);
    const url = await serve((_request, response) => response.end(archive));
    const { code, stderr } = await prepare(described(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain('the archive holds no file cifar-10-batches-py/test_batch');
    expect(readdirSync(join(task, 'data'))).toEqual(['cifar-10-python.tar.gz']);
  });
});

test('the checksum that is pinned is the published archive’s', () => {
  const { stdout } = spawnSync('python3', ['-c', 'from prepare_data import CIFAR10; print(CIFAR10)'], {
    cwd: task,
    encoding: 'utf8',
  });
  expect(stdout).toContain('https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz');
  expect(stdout).toContain('size_bytes=170498071');
  expect(stdout).toContain('6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce');
});
