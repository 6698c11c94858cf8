import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linksOutside, shownLinks } from '../../runners/links-outside.ts';
import { aFolder } from './some-request.ts';

/** A home with keys, a data set elsewhere, a program that listens, and a task with links to all of it. */
async function aTaskWithLinks() {
  const [task, data, home, service] = [aFolder(), aFolder(), aFolder(), aFolder()];
  mkdirSync(join(home, '.ssh'));
  mkdirSync(join(service, 'run'));
  const server = createServer().listen(join(service, 'run/service.sock'));
  await once(server, 'listening');
  writeFileSync(join(data, 'set.csv'), '1');
  writeFileSync(join(task, 'train.py'), '');
  const links = {
    data,
    'set.csv': join(data, 'set.csv'),
    again: 'train.py',
    all: home,
    keys: join(home, '.ssh'),
    sock: join(service, 'run/service.sock'),
    service,
    run: '/run',
    tmp: '/tmp',
    dev: '/dev/shm',
    proc: '/proc/self',
    gone: join(data, 'gone'),
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(task, name));
  return { task, data, home, links, server };
}

test('every link out of the folder is told; a sandbox shows files and folders of no program and no secret', async () => {
  const { task, data, home, links, server } = await aTaskWithLinks();
  const told = linksOutside(task);
  for (const target of [data, home, links.keys, links.sock, links.service, '/run', '/tmp', '/dev/shm', links.gone])
    expect(told).toContain(target);
  expect(told).not.toContain(join(task, 'train.py'));
  expect(shownLinks(task, home)).toEqual([data]);
  server.close();
});

test('a home named by a link, or with a slash at its end, hides its keys all the same', async () => {
  const { task, data, home, server } = await aTaskWithLinks();
  const link = join(aFolder(), 'home');
  symlinkSync(home, link);
  for (const named of [link, `${home}/`, `${link}/`]) expect(shownLinks(task, named), named).toEqual([data]);
  server.close();
});
