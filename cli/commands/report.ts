import { relative } from 'node:path';
import type { Context } from '../context.ts';
import { jsonLine } from '../json-line.ts';
import { openStudy } from '../open-study.ts';
import { redactorOf } from '../redactor-of.ts';
import { reportStudy } from '../study-report.ts';
import { loadStudyTask } from '../work-on-study.ts';

/** `agenthpo report <study>`: the report again, from the log and the training logs as they are now. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const { folder, history, record } = openStudy(context, reference, options);
  const { markdownFile, htmlFile } = await reportStudy({
    folder,
    record,
    task: loadStudyTask(record),
    history,
    redact: redactorOf(context),
  });
  if (options['json'] === true) context.stdout.write(jsonLine({ report: markdownFile, html: htmlFile }));
  else for (const file of [markdownFile, htmlFile]) context.stdout.write(`${relative(context.workingFolder, file)}\n`);
  return 0;
}
