import type { ReportAnalysis } from '../analyse.ts';
import { drawBestSoFar } from './best-so-far.ts';
import { drawHyperparameters } from './hyperparameters.ts';
import { drawLearningCurves } from './learning-curves.ts';

/** One picture of the report. */
export interface Plot {
  readonly name: 'best-so-far' | 'learning-curves' | 'hyperparameters';
  /** Relative to the report: `plots/<name>.svg`. */
  readonly file: string;
  /** In plain words, for who cannot see it. */
  readonly description: string;
  readonly svg: string;
}

const PLOTS = [
  ['best-so-far', 'Value of every trial and the best so far', drawBestSoFar],
  ['learning-curves', 'Learning curves of the trials, the best five in colour', drawLearningCurves],
  ['hyperparameters', 'Value against each hyperparameter', drawHyperparameters],
] as const;

/** The pictures that this study has data for. Deterministic: the same analysis gives the same text. */
export function drawPlots(analysis: ReportAnalysis): Plot[] {
  return PLOTS.flatMap(([name, description, draw]) => {
    const svg = draw(analysis);
    return svg === undefined ? [] : [{ name, file: `plots/${name}.svg`, description, svg }];
  });
}
