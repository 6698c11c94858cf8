import type { ReportAnalysis } from '../analyse.ts';
import { countOf } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { codeBlock, codeSpan, inlineText } from '../untrusted.ts';
import { exactJson } from './use.ts';

/** How to get the same again, and what exactly ran. */
export function reproductionSections(analysis: ReportAnalysis): string[] {
  const { facts, study } = analysis;
  const isOver = analysis.end !== undefined && analysis.end.status === 'complete';
  return [
    '## Reproduction',
    codeBlock(
      `# the same study again\n${facts.reproduceCommand}\n\n# ${isOver ? 'more trials' : 'go on where it stopped'}\n${facts.resumeCommand}`,
      'sh',
    ),
    markdownTable(
      [
        { heading: 'What', cell: ([what]) => what },
        { heading: 'Value', cell: ([, value]) => value },
      ],
      provenance(analysis),
    ),
    ...configurations(analysis),
    `Every number in this report is computed from ${codeSpan('experiment-log.jsonl')} (and the curves from the training logs under ${codeSpan('trials/')}) of study ${codeSpan(study.study)}.`,
  ];
}

function provenance({
  facts,
  study,
  models,
  codeVersions,
  startedAt,
  objective,
}: ReportAnalysis): (readonly [string, string])[] {
  const hashes = codeVersions.length > 0 ? codeVersions : [study.codeHash];
  return [
    ['Study', codeSpan(study.study)],
    ['Folder', codeSpan(facts.studyFolder)],
    ['Task', codeSpan(facts.taskName)],
    ['Started', inlineText(startedAt)],
    ['Seed', String(study.seed)],
    ['Strategy', codeSpan(study.strategy)],
    ...(study.warmStart === undefined ? [] : [['Warm start', warmStartLine(study.warmStart)] as const]),
    ['Executor', codeSpan(study.executor)],
    ['Model', modelsUsed(models)],
    ...(study.profile === null ? [] : [['Profile', codeSpan(study.profile)] as const]),
    ['Objective', `${codeSpan(objective.metric)}, ${objective.direction}, at the ${objective.at} row`],
    ...hashes.map((hash, index) => [hashes.length > 1 ? `Code version ${index + 1}` : 'Code', codeSpan(hash)] as const),
    ...Object.entries(study.prompts).map(([name, hash]) => [`Prompt ${inlineText(name, 60)}`, codeSpan(hash)] as const),
    ...Object.entries({ ...study.versions, ...facts.versions }).map(
      ([name, version]) => [`Version of ${inlineText(name, 60)}`, inlineText(version, 120)] as const,
    ),
  ];
}

function warmStartLine({ study, trials }: NonNullable<ReportAnalysis['study']['warmStart']>): string {
  return `${countOf(trials.length, 'complete trial')} of ${codeSpan(study)}, none of which counts here`;
}

function modelsUsed(models: ReportAnalysis['models']): string {
  const named = models.map(({ model, trial }, index) =>
    index === 0 ? codeSpan(model) : `${codeSpan(model)} from trial ${trial} on`,
  );
  return named.length === 0 ? 'none' : named.join(', ');
}

function configurations({ trials }: ReportAnalysis): string[] {
  if (trials.length === 0) return [];
  const lines = trials.map(({ trial: { number, state, value, proposal } }) =>
    exactJson({
      trial: number,
      state,
      ...(value !== undefined && { value }),
      hyperparameters: proposal.hyperparameters,
    }),
  );
  return ['### The exact configurations', 'One trial a line, in full precision:', codeBlock(lines.join('\n'), 'json')];
}
