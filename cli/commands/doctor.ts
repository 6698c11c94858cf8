import { settingsSchema } from '../../configs/schema.ts';
import { AgentHpoError } from '../../study/errors.ts';
import { shellWords } from '../../study/shell-words.ts';
import { type Context, EXIT } from '../context.ts';
import type { Check, DoctorInput } from '../doctor/check.ts';
import { diskCheck } from '../doctor/disk.ts';
import { environmentsCheck } from '../doctor/environments.ts';
import { gpuCheck } from '../doctor/gpu.ts';
import { hasColor } from '../doctor/has-color.ts';
import { installationCheck, nodeCheck } from '../doctor/installation.ts';
import { keysCheck } from '../doctor/keys.ts';
import { modelChecks } from '../doctor/model.ts';
import { optunaCheck } from '../doctor/optuna.ts';
import { conclusionOf, formatChecks } from '../doctor/print-checks.ts';
import { pythonCheck, uvCheck } from '../doctor/python.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { sandboxCheck } from '../doctor/sandbox.ts';
import { settingsCheck } from '../doctor/settings.ts';
import { studiesCheck } from '../doctor/studies.ts';
import { taskChecks } from '../doctor/task.ts';
import { terminalCheck } from '../doctor/terminal.ts';
import { jsonLine } from '../json-line.ts';
import { textOption } from '../options.ts';
import { assertOwnServer } from '../own-server.ts';
import { redactorOf } from '../redactor-of.ts';
import { loadSettings } from '../settings.ts';

/** `agenthpo doctor [task]`: looks at everything a study needs, and says how to mend what is not right. */
export async function run(
  context: Context,
  [reference]: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const redact = redactorOf(context);
  // A server may repeat the key that it refuses.
  const results = (await runChecks(checksFor(context, reference, options), context.signal)).map((result) => ({
    ...result,
    finding: redact(result.finding),
    ...(result.mend !== undefined && { mend: redact(result.mend) }),
  }));
  const isReady = results.every(({ status }) => status !== 'problem');
  if (options['json'] === true) context.stdout.write(jsonLine({ ready: isReady, checks: results }));
  else {
    const columns = 'columns' in context.stdout ? Number(context.stdout.columns ?? 80) : 80;
    const lines = formatChecks(results, { columns, hasColor: hasColor(context.stdout, context.environment) });
    const next = `agenthpo tune ${shellWords([reference ?? 'quadratic'])}`;
    context.stdout.write(`${[...lines, '', conclusionOf(results, next)].join('\n')}\n`);
  }
  return isReady ? EXIT.ok : EXIT.usage;
}

/** In the order in which they are printed: what everything rests on comes first. */
function checksFor(context: Context, reference: string | undefined, options: Record<string, unknown>): Check[] {
  const input = doctorInput(context, options);
  return [
    nodeCheck(),
    installationCheck(),
    settingsCheck(input, textOption(options['config'])),
    pythonCheck(input),
    uvCheck(input),
    environmentsCheck(input),
    optunaCheck(input),
    diskCheck(input),
    keysCheck(input),
    ...modelChecks(input, options['request'] !== false),
    sandboxCheck(input),
    gpuCheck(input),
    terminalCheck(input),
    studiesCheck(input),
    ...(reference === undefined ? [] : taskChecks(input, { reference, profile: textOption(options['profile']) })),
  ];
}

/** Settings that are not valid are one finding; the other checks look at the defaults. */
function doctorInput(context: Context, options: Record<string, unknown>): DoctorInput {
  try {
    const settings = loadSettings({ ...context, flags: options });
    assertOwnServer(settings, { ...context, flags: options });
    return { context, settings };
  } catch (error) {
    if (!(error instanceof AgentHpoError)) throw error;
    return { context, settings: settingsSchema.parse({}), settingsError: error };
  }
}
