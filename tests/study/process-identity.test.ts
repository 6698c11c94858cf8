import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identityOf, isAlive, ownIdentity } from '../../study/process-identity.ts';

test('the asking process is alive', () => {
  expect(ownIdentity()).toMatchObject({ pid: process.pid });
  expect(ownIdentity().startTime).not.toBe('');
  expect(isAlive(ownIdentity())).toBe('alive');
});

test('a process that has ended is dead', async () => {
  const child = spawn('sleep', ['30']);
  await once(child, 'spawn');
  const identity = identityOf(child.pid ?? 0);
  expect(identity && isAlive(identity)).toBe('alive');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(identity && isAlive(identity)).toBe('dead');
  expect(identityOf(child.pid ?? 0)).toBeUndefined();
});

test('a later process with the same number is somebody else', () => {
  expect(isAlive({ ...ownIdentity(), startTime: '1' })).toBe('dead');
});

test('no process outlives its machine’s boot', () => {
  expect(isAlive({ ...ownIdentity(), bootId: '00000000-0000-0000-0000-000000000000' })).toBe('dead');
});

test('nothing is known of another host', () => {
  expect(isAlive({ ...ownIdentity(), host: 'elsewhere.example' })).toBe('unknown-host');
});
