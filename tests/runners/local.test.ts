import { describe } from 'vitest';
import { createLocalRunner } from '../../runners/local.ts';
import { runnerContract } from './runner-contract.ts';
import { aSandbox, whyNoSandbox } from './some-sandbox.ts';

runnerContract('the local runner', () => createLocalRunner({ graceSeconds: 1 }));

const reason = whyNoSandbox();
if (reason === undefined) {
  const sandbox = await aSandbox();
  runnerContract('the local runner with a sandbox', () => createLocalRunner({ graceSeconds: 1, sandbox }));
} else describe.skip(`the local runner with a sandbox (${reason})`, () => undefined);
