import type { ReportAnalysis } from './analyse.ts';
import { drawPlots, type Plot } from './plots/draw-plots.ts';
import { adviceSections } from './sections/advice.ts';
import { conclusionSections } from './sections/conclusion.ts';
import { confirmationSections } from './sections/confirmation.ts';
import { costSections } from './sections/cost.ts';
import { evaluationSections } from './sections/evaluations.ts';
import { failureSections } from './sections/failures.ts';
import { findingSections } from './sections/findings.ts';
import { headline } from './sections/headline.ts';
import { nextStepSections } from './sections/next-steps.ts';
import { parameterSections } from './sections/parameters.ts';
import { reasonSections } from './sections/reasons.ts';
import { reproductionSections } from './sections/reproduction.ts';
import { trialSections } from './sections/trials.ts';
import { useIt } from './sections/use.ts';
import { userSections } from './sections/user.ts';

/** The report as Markdown; its plots are files beside it, named as in `plots`. */
export function renderMarkdown(analysis: ReportAnalysis, plots: readonly Plot[] = drawPlots(analysis)): string {
  const picture = (name: Plot['name']) =>
    plots.filter((plot) => plot.name === name).map(({ file, description }) => `![${description}](${file})`);
  const blocks = [
    ...headline(analysis),
    ...nextStepSections(analysis),
    ...confirmationSections(analysis),
    ...evaluationSections(analysis),
    ...useIt(analysis),
    ...picture('best-so-far'),
    ...failureSections(analysis),
    ...findingSections(analysis),
    ...trialSections(analysis),
    ...adviceSections(analysis),
    ...userSections(analysis),
    ...curves(picture('learning-curves')),
    ...parameterSections(analysis),
    ...picture('hyperparameters'),
    ...costSections(analysis),
    ...conclusionSections(analysis),
    ...reasonSections(analysis),
    ...reproductionSections(analysis),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function curves(pictures: readonly string[]): string[] {
  return pictures.length === 0 ? [] : ['## Learning curves', ...pictures];
}
