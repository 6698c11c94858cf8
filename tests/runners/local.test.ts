import { createLocalRunner } from '../../runners/local.ts';
import { runnerContract } from './runner-contract.ts';

runnerContract('the local runner', () => createLocalRunner({ graceSeconds: 1 }));
