#!/usr/bin/env node
import { withoutTracing } from '../agents/models/without-tracing.ts';
import { systemCodeOf } from '../study/errors.ts';
import { printable } from '../study/printable.ts';
import { absoluteDataFolder } from './absolute-data-folder.ts';
import type { Context } from './context.ts';
import { describeError, exitCodeOf, interruptedError } from './error-output.ts';
import { jsonLine } from './json-line.ts';
import { createProgram } from './program.ts';
import { columnsOf } from './terminal-columns.ts';
import { wrapLine } from './terminal-text.ts';

const interruption = new AbortController();
const wantsJson = process.argv.includes('--json');

/** The first signal ends the study in order (nothing is lost); a second one ends the process at once. */
function onSignal(): void {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort(interruptedError());
}
// `on`, not `once`: with a single listener gone, other exit hooks would end the process before the clean-up.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);

// A reader that went away (`| head`, a closed terminal) ends the printing, not the study.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (!['EPIPE', 'EIO'].includes(systemCodeOf(error) ?? '')) throw error;
  });

const environment = { ...process.env, ...absoluteDataFolder(process.env) };
// A switch in the user’s shell would send every prompt to a third party, or print the key; nothing here asked for that.
Object.assign(process.env, withoutTracing(process.env));

const context: Context = {
  workingFolder: process.cwd(),
  environment,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  signal: interruption.signal,
  commandLine: ['agenthpo', ...process.argv.slice(2)],
};

if (Object.keys(process.env).some((name) => name.startsWith('AGENTHPO_')) && !wantsJson) {
  const { unknownVariables } = await import('./unknown-variables.ts');
  for (const line of unknownVariables(process.env)) process.stderr.write(`${line}\n`);
}

try {
  process.exitCode = await createProgram(context).execute(process.argv);
} catch (error) {
  const { human, json } = describeError(error);
  if (wantsJson) process.stdout.write(jsonLine(json));
  // Errors quote task files and what scripts wrote, some of them before anybody trusted the folder.
  else {
    const columns = columnsOf(process.stderr, process.argv.includes('--plain'));
    process.stderr.write(`${wrapLine(printable(human), columns).join('\n')}\n`);
  }
  process.exitCode = exitCodeOf(error);
}
