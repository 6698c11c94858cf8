import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { printable } from '../../study/printable.ts';
import { describeTable, progressLine } from '../check/check-table.ts';
import { type CheckRequest, planCheck, trainChecked } from '../check/check-task.ts';
import { type Checked, isOk } from '../check/checked.ts';
import { confirmPlanned } from '../check/confirm-planned.ts';
import { checkedAsJson, describeChecked } from '../check/describe-checked.ts';
import { type Context, EXIT } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { createSay } from '../say.ts';
import { columnsOf } from '../terminal-columns.ts';

/**
 * `agenthpo check <task…>`: reads task folders and says what would run; with `--run` also trains once with the defaults.
 * Several that are trained become one table; what fails of them keeps the others from nothing.
 */
export async function run(
  context: Context,
  named: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const references = withoutFiles(context, named);
  const isTrained = options['run'] === true;
  const isTable = isTrained && references.length > 1;
  const request = { context, options, isOneOfSeveral: references.length > 1 };
  const planned: Checked[] = [];
  for (const reference of references) planned.push(await planCheck(request, reference));
  const checked = isTrained ? await trainAll(request, planned) : planned;
  const columns = columnsOf(context.stdout);
  const lines = isTable
    ? describeTable(checked, columns)
    : checked.flatMap((each, index) => [...(index === 0 ? [] : ['']), ...describeChecked(each, columns)]);
  const words = printable(lines.join('\n'));
  context.stdout.write(options['json'] === true ? jsonLine(checked.map(checkedAsJson)) : `${words}\n`);
  return checked.every(isOk) ? EXIT.ok : EXIT.usage;
}

/** `tasks/*` names the README beside the folders too: of several, what is a file is left out, and said. */
function withoutFiles(context: Context, named: readonly string[]): readonly string[] {
  if (named.length < 2) return named;
  const isFile = (path: string) => statSync(resolve(context.workingFolder, path), { throwIfNoEntry: false })?.isFile();
  const [files, rest] = [named.filter((path) => isFile(path)), named.filter((path) => !isFile(path))];
  if (rest.length === 0) return named;
  if (files.length > 0)
    createSay(
      context,
      false,
    )(`Left out, for ${files.length === 1 ? 'it is no folder' : 'they are no folders'}: ${files.join(', ')}`);
  return rest;
}

/** One after another: two trainings at a time would take each other’s time. */
async function trainAll(request: CheckRequest, planned: readonly Checked[]): Promise<Checked[]> {
  const say = createSay(request.context, false);
  if (request.isOneOfSeveral) await confirmPlanned(request, planned);
  const checked: Checked[] = [];
  for (const [index, each] of planned.entries()) {
    const trained = await trainChecked(request, each);
    checked.push(trained);
    if (request.isOneOfSeveral) say(`${index + 1} of ${planned.length}: ${progressLine(trained)}`);
  }
  return checked;
}
