import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AgentHpoError, messageOf } from '../study/errors.ts';
import type { History } from '../study/history.ts';
import { analyse } from './analyse.ts';
import { filePatch, PATCH_FILE } from './config-diff.ts';
import type { Curves, ReportFacts } from './facts.ts';
import { drawPlots } from './plots/draw-plots.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';

export interface ReportRequest {
  readonly history: History;
  /** Where report.md, report.html, best.patch and plots/ go: the study’s folder. */
  readonly folder: string;
  readonly facts: ReportFacts;
  readonly curves: Curves;
}

/**
 * Writes the report of a study, running or finished. Every file appears whole; pictures first, so that no page ever
 * names one that is missing. Throws `file-failed` when the folder cannot be written.
 */
export async function writeReport({
  history,
  folder,
  facts,
  curves,
}: ReportRequest): Promise<{ markdownFile: string; htmlFile: string }> {
  const analysis = analyse(history, { facts, curves });
  const plots = drawPlots(analysis);
  const markdown = renderMarkdown(analysis, plots);
  const markdownFile = join(folder, 'report.md');
  const htmlFile = join(folder, 'report.html');
  try {
    await mkdir(join(folder, 'plots'), { recursive: true, mode: 0o700 });
    for (const { file, svg } of plots) await writePrivate(join(folder, file), svg);
    await writePatch(folder, facts.configFile);
    await writePrivate(markdownFile, markdown);
    await writePrivate(htmlFile, renderHtml(markdown, plots));
  } catch (error) {
    throw new AgentHpoError({
      code: 'file-failed',
      message: `The report could not be written to ${folder}: ${messageOf(error)}`,
      hint: 'Make room or make the folder writable, then run `agenthpo report` on the study again.',
      cause: error,
    });
  }
  return { markdownFile, htmlFile };
}

/** The winner’s change of the config file; a patch of an earlier winner does not stay, unless the file is no longer the study’s. */
async function writePatch(folder: string, file: ReportFacts['configFile']): Promise<void> {
  if (file === undefined) return;
  const patch = filePatch(file.path, file.defaultText, file.bestText);
  if (patch === '') await rm(join(folder, PATCH_FILE), { force: true });
  else await writePrivate(join(folder, PATCH_FILE), patch);
}

/** A report quotes configurations and output: it is its user’s alone, also in a study folder that was opened to others. */
function writePrivate(file: string, text: string): Promise<void> {
  return writeFileAtomic(file, text, { mode: 0o600 });
}
