import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const bundled = join(import.meta.dirname, '..', '..', 'tasks', 'cifar10');
const NOBODY = 'http://127.0.0.1:9/images.tar.gz';

/** Writes an archive (tar or zip, by its name) with the members of `{path: text}`; `link:` in a text makes a symbolic link. */
const MAKE_ARCHIVE = `
import io, json, sys, tarfile, zipfile
path, members = sys.argv[1], json.loads(sys.argv[2])
if path.endswith('.zip'):
    with zipfile.ZipFile(path, 'w') as archive:
        for name, text in members.items():
            archive.writestr(name, text)
else:
    with tarfile.open(path, 'w:gz') as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            if text.startswith('link:'):
                member.type, member.linkname = tarfile.SYMTYPE, text[5:]
                archive.addfile(member)
            else:
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
`;

/** What a prepare_data.py does, with the data set as an argument: there is nothing in it that a user could set. */
const PREPARE = `
import json, shutil, sys
from data_files import DataSet, main
from download import Download
described = json.loads(sys.argv[1])
downloads = tuple((name, Download(**download)) for name, download in described.pop('downloads', ()))
if described.pop('is_disk_full', False):
    shutil.disk_usage = lambda place: shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000)
act = DataSet.folder if described.pop('is_read', False) else main
act(DataSet(**{**described, 'files': tuple(described['files']), 'aliases': tuple(described.get('aliases', ()))}, downloads=downloads))
`;

const SET = {
  name: 'photographs',
  title: 'Photographs',
  home: 'https://example.org/photographs',
  files: ['set/train', 'set/test'],
};
const UNPACK = { 'raw/train': 'set/train', 'raw/test': 'set/test', 'raw/notes': 'set/notes' };
const MEMBERS = { 'raw/train': 'the images to train on', 'raw/test': 'the images to test with' };

let scratch: string;
let task: string;
let servers: Server[];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'data-files-'));
  task = join(scratch, 'task');
  servers = [];
  mkdirSync(task);
  for (const name of ['data_files.py', 'download.py']) cpSync(join(bundled, name), join(task, name));
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(scratch, { recursive: true });
});

function archiveOf(members: Readonly<Record<string, string>>, name = 'archive.tar.gz'): Buffer {
  const path = join(scratch, name);
  const { status, stderr } = spawnSync('python3', ['-c', MAKE_ARCHIVE, path, JSON.stringify(members)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return readFileSync(path);
}

async function serve(listener: RequestListener, name = 'images.tar.gz'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/${name}`;
}

const hashOf = (content: Buffer, algorithm = 'sha256') => createHash(algorithm).update(content).digest('hex');

function published(content: Buffer, url: string) {
  return { url, size_bytes: content.length, sha256: hashOf(content) };
}

/** The set, as one archive. */
function archived(archive: Buffer, url: string, more: object = {}) {
  return { ...SET, downloads: [[null, { ...published(archive, url), unpack: UNPACK, ...more }]] };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(dataset: object, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn('python3', ['-c', PREPARE, JSON.stringify(dataset)], {
    cwd: task,
    env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: task, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });
}

function prepare(dataset: object, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return endOf(start(dataset, environment));
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

const data = (...path: string[]) => join(task, 'data', ...path);
const textOf = (...path: string[]) => readFileSync(data(...path), 'utf8');

describe('the files are fetched', () => {
  test('into data/ beside the script, with progress, and the archive goes once it is unpacked', async () => {
    const archive = archiveOf(MEMBERS);
    const url = await serve((_, response) => response.end(archive));
    const { code, stdout, stderr } = await prepare(archived(archive, url));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Downloading ${url}`);
    expect(stdout).toContain('100 %');
    expect(stdout).toContain(`Photographs is there: ${data()}`);
    expect(textOf('set', 'test')).toBe('the images to test with');
    expect(readdirSync(data())).toEqual(['set']);
  });

  test('from a zip as from a tar, with an MD5 where the home publishes no other checksum', async () => {
    const archive = archiveOf(MEMBERS, 'archive.zip');
    const url = await serve((_, response) => response.end(archive), 'images.zip');
    const download = { url, size_bytes: archive.length, md5: hashOf(archive, 'md5'), unpack: UNPACK };
    expect(await prepare({ ...SET, downloads: [[null, download]] })).toMatchObject({ code: 0, stderr: '' });
    expect(textOf('set', 'train')).toBe('the images to train on');
  });

  test('one by one, under the names that the set has for them, unpacked where a name lacks the .gz', async () => {
    const text = Buffer.from('sentence\tlabel\n');
    const packed = gzipSync(text);
    const url = await serve((request, response) => response.end(request.url === '/a.tsv' ? text : packed), '');
    const downloads = [
      ['train.tsv', published(text, `${url}a.tsv`)],
      ['test.tsv', published(packed, `${url}b.tsv.gz`)],
      ['test.tsv.gz', published(packed, `${url}b.tsv.gz`)],
    ];
    const files = ['train.tsv', 'test.tsv', 'test.tsv.gz'];
    expect(await prepare({ ...SET, files, downloads })).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(data()).sort()).toEqual([...files].sort());
    expect([textOf('train.tsv'), textOf('test.tsv')]).toEqual([text.toString(), text.toString()]);
    expect(readFileSync(data('test.tsv.gz')).equals(packed)).toBe(true);
  });

  test('into its folder of AGENTHPO_DATA where that is set, and a second run finds them there', async () => {
    const archive = archiveOf(MEMBERS);
    const url = await serve((_, response) => response.end(archive));
    const shared = join(scratch, 'shared');
    expect(await prepare(archived(archive, url), { AGENTHPO_DATA: shared })).toMatchObject({ code: 0 });
    expect(readdirSync(join(shared, 'photographs', 'set'))).toEqual(['test', 'train']);
    const again = await prepare(archived(archive, NOBODY), { AGENTHPO_DATA: shared });
    expect(again).toMatchObject({ code: 0, stdout: `Photographs is there: ${join(shared, 'photographs')}\n` });
  });

  test('from where an interrupted download stopped', async () => {
    const archive = archiveOf(MEMBERS);
    const ranges: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      ranges.push(request.headers.range);
      const begin = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (begin > 0) response.writeHead(206).end(archive.subarray(begin));
      else response.writeHead(200, { 'content-length': 100 }).end(archive.subarray(0, 100));
    });
    const first = await prepare(archived(archive, url));
    expect(first.code).toBe(1);
    expect(first.stderr).toContain(`the connection ended after 100 of ${archive.length} bytes`);
    expect(await prepare(archived(archive, url))).toMatchObject({ code: 0, stderr: '' });
    expect(ranges).toEqual([undefined, 'bytes=100-']);
    expect(readdirSync(data())).toEqual(['set']);
  });

  test('from the start, where the server cannot go on in the middle', async () => {
    const archive = archiveOf(MEMBERS);
    mkdirSync(data('.unfinished'), { recursive: true });
    writeFileSync(data('.unfinished', 'images.tar.gz.part'), 'the beginning of something else');
    const url = await serve((_, response) => response.end(archive));
    expect(await prepare(archived(archive, url))).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(data())).toEqual(['set']);
  });

  test('only those that are missing, where a run was stopped between two files', async () => {
    const [one, two] = [Buffer.from('one'), Buffer.from('two')];
    const asked: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      response.end(two);
    }, '');
    mkdirSync(data('.unfinished'), { recursive: true });
    writeFileSync(data('one'), one);
    const downloads = [
      ['one', published(one, `${url}one`)],
      ['two', published(two, `${url}two`)],
    ];
    expect(await prepare({ ...SET, files: ['one', 'two'], downloads })).toMatchObject({ code: 0, stderr: '' });
    expect(asked).toEqual(['/two']);
    expect(readdirSync(data()).sort()).toEqual(['one', 'two']);
  });

  test('only those that are missing, where a folder has some, which stay as they are', async () => {
    mkdirSync(data('set'), { recursive: true });
    writeFileSync(data('set', 'train'), MEMBERS['raw/train']);
    const before = statSync(data('set', 'train'));
    const archive = archiveOf({ ...MEMBERS, 'raw/notes': 'of the photographer' });
    const url = await serve((_, response) => response.end(archive));
    const shared = { AGENTHPO_DATA: join(scratch, 'shared') }; // has nothing: the folder that is begun is completed
    expect(await prepare(archived(archive, url), shared)).toMatchObject({ code: 0, stderr: '' });
    expect(textOf('set', 'test')).toBe('the images to test with');
    expect(readdirSync(data('set'))).toEqual(['notes', 'test', 'train']);
    expect(readdirSync(data())).toEqual(['set']);
    const { ino, mtimeMs } = statSync(data('set', 'train'));
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test('not at all where a person has put the archive, which stays', async () => {
    const archive = archiveOf(MEMBERS);
    mkdirSync(data());
    writeFileSync(data('images.tar.gz'), archive);
    expect(await prepare(archived(archive, NOBODY))).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(data()).sort()).toEqual(['images.tar.gz', 'set']);
  });
});

describe('files that are there are found', () => {
  test.each([
    ['under the name of the set', 'photographs'],
    ['under another name that it goes by', 'pictures'],
  ])('in AGENTHPO_DATA %s, before those in data/', async (_, name) => {
    for (const place of [join(scratch, 'shared', name), data()]) {
      mkdirSync(join(place, 'set'), { recursive: true });
      for (const file of SET.files) writeFileSync(join(place, file), '');
    }
    const dataset = { ...SET, aliases: ['pictures'] };
    const { stdout } = await prepare(dataset, { AGENTHPO_DATA: join(scratch, 'shared') });
    expect(stdout).toBe(`Photographs is there: ${join(scratch, 'shared', name)}\n`);
    expect((await prepare(dataset)).stdout).toBe(`Photographs is there: ${data()}\n`);
  });
});

describe('what is wrong is said with the ways to get the files, and nothing half-done is taken for the whole', () => {
  const WAYS =
    /Photographs has its home at https:\/\/example.org\/photographs: put set\/train, set\/test, or images.tar.gz as it comes, into \S+\/data\/ \(or into photographs\/ of a folder that AGENTHPO_DATA names\)\./;

  test('nobody answers', async () => {
    const { code, stderr } = await prepare({ ...archived(Buffer.from('x'), NOBODY), has_stand_in: true });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Dataset not found: Photographs could not be had: 127\.0\.0\.1:9 cannot be reached: Connection refused\. /,
    );
    expect(stderr).toMatch(WAYS);
    expect(stderr).toContain('--stand-in');
    expect(stderr).not.toContain('Traceback');
  });

  test('the connection breaks off', async () => {
    const url = await serve((_, response) => response.write('some bytes', () => response.destroy()));
    const { code, stderr } = await prepare(archived(Buffer.alloc(1000), url));
    expect(code).toBe(1);
    expect(stderr).toMatch(WAYS);
    expect(stderr).not.toContain('Traceback');
  });

  test('the server has no such file', async () => {
    const url = await serve((_, response) => void response.writeHead(404).end());
    const { code, stderr } = await prepare(archived(Buffer.from('x'), url));
    expect(code).toBe(1);
    expect(stderr).toContain('HTTP Error 404');
    expect(stderr).toMatch(WAYS);
  });

  test.each([
    ['SHA-256', 'sha256'],
    ['MD5', 'md5'],
  ])('what comes is not what was published, by its %s', async (name, algorithm) => {
    const archive = archiveOf(MEMBERS);
    const altered = Buffer.from(archive);
    altered[20] = (altered[20] ?? 0) ^ 1;
    const url = await serve((_, response) => response.end(altered));
    const checksum = { sha256: '', [algorithm]: hashOf(archive, algorithm) };
    const { code, stderr } = await prepare(archived(archive, url, checksum));
    expect(code).toBe(1);
    expect(stderr).toContain(`has the ${name}`);
    expect(stderr).toMatch(WAYS);
    expect(readdirSync(data())).toEqual([]);
  });

  test('more comes than was published', async () => {
    const archive = archiveOf(MEMBERS);
    const url = await serve((_, response) => response.end(Buffer.concat([archive, Buffer.alloc(100)])));
    const { code, stderr } = await prepare(archived(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain(`has ${archive.length + 100} bytes, the published file ${archive.length}`);
  });

  test('an archive put there by hand is cut short', async () => {
    const archive = archiveOf(MEMBERS);
    mkdirSync(data());
    writeFileSync(data('images.tar.gz'), archive.subarray(0, 50));
    const { code, stderr } = await prepare(archived(archive, NOBODY));
    expect(code).toBe(1);
    expect(stderr).toContain(`has 50 bytes, the published file ${archive.length}; remove it`);
    expect(stderr).toMatch(WAYS);
  });

  test('a folder lacks some of the files: those are named, not the whole set', async () => {
    mkdirSync(data('set'), { recursive: true });
    writeFileSync(data('set', 'train'), '');
    const byHand = await prepare(SET);
    expect(byHand.code).toBe(1);
    expect(byHand.stderr).toContain(
      `${data()} lacks set/test. Complete that folder. Photographs has its home at ${SET.home}: put set/test into ${data()}/.\n`,
    );
    const read = await prepare({ ...archived(Buffer.from('x'), NOBODY), is_read: true });
    expect(read.stderr).toContain(
      `lacks set/test. Complete that folder (\`python prepare_data.py\` downloads what is missing).`,
    );
    const failed = await prepare(archived(Buffer.from('x'), NOBODY));
    expect(failed.stderr).toContain(`${data()} lacks set/test. What is missing could not be had: `);
    expect(failed.stderr).toContain(`: put set/test, or images.tar.gz as it comes, into ${data()}/.\n`);
  });

  test('a file that is there is not the one in the published archive, and they are not mixed', async () => {
    mkdirSync(data('set'), { recursive: true });
    writeFileSync(data('set', 'train'), 'images of my own');
    const archive = archiveOf(MEMBERS);
    const url = await serve((_, response) => response.end(archive));
    const { code, stderr } = await prepare(archived(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain(`${data('set', 'train')} is not the published file; remove it`);
    expect(textOf('set', 'train')).toBe('images of my own');
    expect(existsSync(data('set', 'test'))).toBe(false);
  });

  test('a file that is there is not the published one: nothing is asked for', async () => {
    mkdirSync(data());
    writeFileSync(data('one'), 'mine');
    const downloads = ['one', 'two'].map((name) => [name, published(Buffer.from(name), `http://127.0.0.1:9/${name}`)]);
    const { code, stderr } = await prepare({ ...SET, files: ['one', 'two'], downloads });
    expect(code).toBe(1);
    expect(stderr).toContain(`${data('one')} has 4 bytes, the published file 3; remove it`);
  });

  test('the disk is too full for the download and what it unpacks to', async () => {
    const archive = archiveOf(MEMBERS);
    const dataset = { ...archived(archive, NOBODY, { unpacked_bytes: 7_000_000 }), is_disk_full: true };
    const { code, stderr } = await prepare(dataset);
    expect(code).toBe(1);
    expect(stderr).toMatch(/7\.0 MB are needed in \S+, and only 5\.0 MB are free/);
  });

  test('another process is downloading the same', async () => {
    const archive = archiveOf(MEMBERS);
    const waiting = new EventEmitter();
    const url = await serve((_, response) => void waiting.emit('asked', response));
    const dataset = archived(archive, url);
    const asked = once(waiting, 'asked');
    const first = endOf(start(dataset));
    const [response] = await asked;
    const second = await prepare(dataset);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`another process is downloading into ${data()} just now`);
    response.end(archive);
    expect(await first).toMatchObject({ code: 0, stderr: '' });
  });

  test('a set without a public download names its home, its terms and its files, shortened', async () => {
    const files = ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv', 'f.csv'];
    const { code, stderr } = await prepare({ ...SET, files, terms: 'a login is needed' });
    expect(code).toBe(1);
    expect(stderr).toContain('Dataset not found: Photographs is not there. Photographs has its home at');
    expect(stderr).toContain('(a login is needed): put a.csv, b.csv, c.csv, d.csv and 2 more into');
    expect(stderr).not.toContain('--stand-in');
  });

  test('a download without a checksum is no download', async () => {
    const { stderr } = await prepare({ ...SET, downloads: [['a', { url: 'http://x.org/a', size_bytes: 1 }]] });
    expect(stderr).toContain('ValueError: the download http://x.org/a has no checksum');
  });
});

describe('an archive can only put its files where they belong', () => {
  test('other members, paths that climb and links are not unpacked', async () => {
    const absolute = join(scratch, 'absolute');
    const hostile = { '../outside': 'x', [absolute]: 'x', 'raw/run.py': 'x' };
    const archive = archiveOf({ ...hostile, ...MEMBERS, 'raw/notes': 'link:/etc/passwd' });
    const url = await serve((_, response) => response.end(archive));
    expect(await prepare(archived(archive, url))).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(task, 'outside'))).toBe(false);
    expect(existsSync(absolute)).toBe(false);
    expect(readdirSync(data())).toEqual(['set']);
    expect(readdirSync(data('set'))).toEqual(['test', 'train']);
  });

  test.each([
    ['a link in the place of a file', { ...MEMBERS, 'raw/test': 'link:/etc/passwd' }],
    ['nothing in the place of a file', { 'raw/train': 'x' }],
  ])('%s is refused by its name', async (_, members) => {
    const archive = archiveOf(members);
    const url = await serve((_request, response) => response.end(archive));
    const { code, stderr } = await prepare(archived(archive, url));
    expect(code).toBe(1);
    expect(stderr).toContain('holds no file raw/test');
    expect(existsSync(data('set'))).toBe(false);
  });
});

test('the checksum that is pinned for CIFAR-10 is the published archive’s', () => {
  const { stdout } = spawnSync('python3', ['-B', '-c', 'from prepare_data import CIFAR10; print(CIFAR10)'], {
    cwd: bundled,
    encoding: 'utf8',
  });
  expect(stdout).toContain('https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz');
  expect(stdout).toContain('size_bytes=170498071');
  expect(stdout).toContain('6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce');
});
