import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockOwner, lockStudy } from '../../study/lock.ts';
import { identityOf, ownIdentity } from '../../study/process-identity.ts';
import { aFolder } from './maker.ts';

test('a study is locked once, and free after the release', () => {
  const folder = aFolder();
  const lock = lockStudy(folder);
  expect(lockOwner(folder)?.pid).toBe(process.pid);
  expect(() => lockStudy(folder)).toThrow(/is working on/);
  lock.release();
  lockStudy(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock dies with its owner', async () => {
  const folder = aFolder();
  const child = spawn('sleep', ['60']);
  const owner = identityOf(child.pid ?? 0);
  writeFileSync(join(folder, 'lock-aa.json'), JSON.stringify(owner));
  expect(() => lockStudy(folder)).toThrow(`Process ${child.pid} is working`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockStudy(folder).release();
});

test('the locks of dead processes are cleared away by the next owner', () => {
  const folder = aFolder();
  for (const name of ['lock-3.json', 'lock-7.json'])
    writeFileSync(join(folder, name), JSON.stringify({ ...ownIdentity(), startTime: '1' }));
  const lock = lockStudy(folder);
  expect(readdirSync(folder)).toEqual(['lock-8.json']);
  lock.release();
});

test('a process that got the number of a dead owner does not hold its lock', () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'lock-aa.json'), JSON.stringify({ ...ownIdentity(), startTime: '1' }));
  lockStudy(folder).release();
});

test('a lock of an earlier boot counts for nothing, another host’s is never broken', () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'lock-aa.json'), JSON.stringify({ ...ownIdentity(), bootId: 'an earlier one' }));
  lockStudy(folder).release();
  writeFileSync(join(folder, 'lock-bb.json'), JSON.stringify({ ...ownIdentity(), host: `not-${hostname()}` }));
  expect(() => lockStudy(folder)).toThrow(`on host not-${hostname()}`);
  expect(readdirSync(folder)).toEqual(['lock-bb.json']);
});
