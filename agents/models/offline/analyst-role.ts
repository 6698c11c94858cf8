import type { z } from 'zod';
import { isNumeric, toUnit } from '../../../study/hyperparameter.ts';
import { improvement } from '../../../study/objective.ts';
import type { SearchSpace } from '../../../study/search-space.ts';
import type { OfflineAnswer } from './answer.ts';
import { type KnownTask, readBlock, readTask, studyBlock } from './blocks.ts';
import type { Conversation } from './conversation.ts';

/** A value within this share of the end of its range counts as at the edge. */
const EDGE = 0.03;

type Study = z.infer<typeof studyBlock>;

/** The final analysis, computed from the study block alone: comparisons of groups of trials, and no causes. */
export function analyze(conversation: Conversation): OfflineAnswer {
  const task = readTask(conversation);
  const study = readBlock(conversation, 'study', studyBlock);
  const influence = Object.fromEntries(task.space.names.map((name) => [name, influenceOf(name, study, task)]));
  const args = { best: describeBest(study, task), influence, future: describeFuture(study, task) };
  return { text: '', calls: [{ name: 'ConcludeStudy', args }] };
}

function describeBest({ incumbent, default: start }: Study, { metric }: KnownTask): string {
  if (incumbent === null) return 'Computed: no trial has a value that counts.';
  const against =
    start === null
      ? ''
      : start.trial === incumbent.trial
        ? ': the defaults'
        : `, against ${digits(start.value)} with the defaults (trial ${start.trial})`;
  return `Computed: trial ${incumbent.trial} has the best ${metric}, ${digits(incumbent.value)}${against}.`;
}

function influenceOf(name: string, study: Study, { direction }: KnownTask): string {
  const regions = (study.regions[name] ?? []).flatMap(([region, trials, , , median]) =>
    trials > 1 && median !== null ? [{ region, trials, median }] : [],
  );
  const ranked = regions.toSorted((a, b) => improvement(b.median, a.median, direction));
  const [best, worst] = [ranked[0], ranked.at(-1)];
  const alone = study.alone[name];
  if (alone !== undefined) return `Computed: with nothing else changed, ${alone}.`;
  if (best === undefined || worst === undefined || best === worst) return 'Computed: too few trials to compare.';
  return (
    `Computed: the ${best.trials} trials at ${best.region} have the best median, ${digits(best.median)}; ` +
    `the ${worst.trials} at ${worst.region} the worst, ${digits(worst.median)}. Other hyperparameters differed as well.`
  );
}

function describeFuture(study: Study, { space }: KnownTask): string {
  const { incumbent, default: start } = study;
  if (incumbent === null) return 'Computed: find a configuration that trains at all.';
  const isDefault = incumbent.trial === start?.trial;
  const edges = isDefault ? [] : atEdge(space, incumbent.hyperparameters);
  const outcome = study.lines.find(([trial]) => trial === incumbent.trial)?.[study.columns.indexOf('outcome')];
  const advice = [
    edges.length > 0 &&
      `widen the range of ${edges.join(', ')}, where the best value lies at its end and values beyond make sense`,
    typeof outcome === 'string' &&
      outcome.includes('still improving') &&
      'train the best configuration longer: it was still improving',
    isDefault
      ? 'search on: no trial was better than the defaults'
      : 'repeat the best configuration with other seeds, to see how much of its lead is chance',
  ];
  return `Computed: ${advice.filter((each) => each !== false).join('; ')}.`;
}

function atEdge(space: SearchSpace, values: NonNullable<Study['incumbent']>['hyperparameters']): string[] {
  return space.active(values).flatMap((parameter) => {
    const value = values[parameter.name];
    if (!isNumeric(parameter) || value === undefined) return [];
    const position = toUnit(parameter, value);
    return position <= EDGE || position >= 1 - EDGE ? [parameter.name] : [];
  });
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
