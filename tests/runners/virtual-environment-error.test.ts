import { expect, test } from 'vitest';
import { buildError, installCommand } from '../../runners/virtual-environment-error.ts';

const base = {
  version: '3.11.2',
  executable: '/usr/bin/python3',
  prefix: '/usr',
  basePrefix: '/usr',
  platform: 'CPython-linux-x86_64',
  externallyManaged: false,
  requirements: null,
};
const wanted = { base, requirements: '/task/requirements.txt', gaps: 'numpy', taskFolder: '/task' };

function theError(step: 'create' | 'install', tail: string[], stopped?: 'limit' | 'silence') {
  return buildError(
    { installer: 'pip', step, end: { exitCode: 1, stdout: '', tail, ...(stopped ? { stopped } : {}) } },
    wanted,
  );
}

test('a Debian Python without venv names the package that has it', () => {
  const error = theError('create', [
    'The virtual environment was not created successfully because ensurepip is not available.',
  ]);
  expect(error.hint).toContain('sudo apt install python3.11-venv');
});

test('an ensurepip that broke for another reason blames no package', () => {
  const error = theError('create', [
    "Error: Command '['/x/bin/python', '-m', 'ensurepip']' died: No space left on device",
  ]);
  expect(error.hint).not.toContain('apt');
  expect(error.message).toContain('No space left on device');
});

test('a limit that ended the build is named', () => {
  expect(theError('install', [], 'limit').message).toContain('numpy could not be installed within the time limit');
  expect(theError('install', [], 'silence').message).toContain('no sign of life for 20 minutes');
});

test('the command by hand goes into the interpreter, and past a managed one into the venv that the next run finds', () => {
  expect(installCommand(wanted)).toBe('/usr/bin/python3 -m pip install -r /task/requirements.txt');
  expect(installCommand({ ...wanted, base: { ...base, externallyManaged: true }, taskFolder: '/my task' })).toBe(
    "/usr/bin/python3 -m venv '/my task/.venv' && '/my task/.venv/bin/python' -m pip install -r /task/requirements.txt",
  );
});
