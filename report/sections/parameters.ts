import type { ReportAnalysis } from '../analyse.ts';
import { FALSE_CLAIMS, FEWEST_TRIALS, type Importance } from '../importance.ts';
import { countOf, formatNumber, formatShare, listOf } from '../numbers.ts';
import type { ParameterEffect, ValueGroup } from '../parameter-effect.ts';
import { markdownTable } from '../table.ts';
import { better, nameSpan, shownValue } from '../words.ts';

/** What each hyperparameter did, from the data and with counts. */
export function parameterSections(analysis: ReportAnalysis): string[] {
  const { compared, effects } = analysis;
  if (compared.length < 2) return [];
  return [
    '## What each hyperparameter did',
    summary(analysis),
    overview(effects),
    ...choices(effects),
    method(analysis),
  ];
}

function summary({ compared, effects }: ReportAnalysis): string {
  const strong = effects
    .filter(({ importance }) => importance.verdict === 'matters')
    .sort((a, b) => (b.importance.share ?? 0) - (a.importance.share ?? 0));
  const basis = countOf(compared.length, 'complete trial');
  if (strong.length > 0) {
    const named = strong.map(
      ({ parameter, importance }) =>
        `${nameSpan(parameter.name)} (${formatShare(importance.share ?? 0)} of the rank variance)`,
    );
    return `From ${basis}, the data shows an effect of ${listOf(named)}. Of the others it shows none, which is not proof that they have none.`;
  }
  if (compared.length < FEWEST_TRIALS)
    return `${basis[0]?.toUpperCase()}${basis.slice(1)}: too few to say what any hyperparameter did (it takes ${FEWEST_TRIALS}). The counts:`;
  return `From ${basis}, no hyperparameter’s effect stands out from chance. The counts:`;
}

function overview(effects: readonly ParameterEffect[]): string {
  return markdownTable<ParameterEffect>(
    [
      { heading: 'Hyperparameter', cell: ({ parameter }) => nameSpan(parameter.name) },
      { heading: 'Trials', align: 'right', cell: ({ importance }) => String(importance.trials) },
      { heading: 'Tried', cell: triedCell },
      { heading: 'The best lie in', cell: regionCell },
      { heading: 'Rank correlation', align: 'right', cell: ({ correlation }) => correlationText(correlation) },
      { heading: 'Share explained', align: 'right', cell: ({ importance }) => shareCell(importance) },
      { heading: 'Chance', align: 'right', cell: ({ importance }) => chanceText(importance) },
      { heading: 'Verdict', cell: ({ importance }) => verdictText(importance) },
    ],
    effects,
  );
}

function triedCell({ tried, groups }: ParameterEffect): string {
  if (tried !== undefined)
    return tried[0] === tried[1] ? formatNumber(tried[0]) : `${formatNumber(tried[0])} to ${formatNumber(tried[1])}`;
  return groups === undefined || groups.length === 0 ? '–' : countOf(groups.length, 'value');
}

function regionCell({ bestRegion }: ParameterEffect): string {
  if (bestRegion === undefined) return '–';
  const { low, high, trials, of } = bestRegion;
  const region = low === high ? formatNumber(low) : `${formatNumber(low)} to ${formatNumber(high)}`;
  return `${region} (best ${trials} of ${of})`;
}

export function correlationText(correlation: number | undefined): string {
  return correlation === undefined ? '–' : `${correlation < 0 ? '−' : '+'}${Math.abs(correlation).toFixed(2)}`;
}

function shareCell({ share, range, verdict }: Importance): string {
  if (share === undefined || verdict !== 'matters') return '–';
  return range === undefined
    ? formatShare(share)
    : `${formatShare(share)} (${formatShare(range[0])} to ${formatShare(range[1])})`;
}

function chanceText({ chance }: Importance): string {
  return chance === undefined ? '–' : formatShare(chance);
}

export function verdictText({ verdict, trials }: Importance): string {
  switch (verdict) {
    case 'matters':
      return '**matters**';
    case 'not-shown':
      return 'no effect shown';
    case 'never-varied':
      return 'never varied';
    case 'too-few-trials':
      return trials === 0 ? 'never active' : 'too few trials to say';
  }
}

function choices(effects: readonly ParameterEffect[]): string[] {
  const rows = effects.flatMap(({ parameter, groups = [] }) =>
    groups.map((group, index) => ({ ...group, name: index === 0 ? nameSpan(parameter.name) : '' })),
  );
  if (rows.length === 0) return [];
  const number = (heading: string, pick: (group: ValueGroup) => number) => ({
    heading,
    align: 'right' as const,
    cell: (group: ValueGroup & { name: string }) => formatNumber(pick(group)),
  });
  return [
    'Choices, value by value (metric of the complete trials):',
    markdownTable(
      [
        { heading: 'Hyperparameter', cell: ({ name }) => name },
        { heading: 'Value', cell: ({ value }) => shownValue(value) },
        number('Trials', ({ trials }) => trials),
        number('Mean', ({ mean }) => mean),
        number('Median', ({ median }) => median),
        number('Best', ({ best }) => best),
      ],
      rows,
    ),
  ];
}

function method({ objective, permutations, compared }: ReportAnalysis): string {
  const tested =
    permutations === 0
      ? 'Nothing was tested'
      : `*Method.* Share explained: of the variance of the values’ ranks (as normal scores, ${countOf(compared.length, 'trial')}), beyond the other strong hyperparameters and the order of the trials; in brackets its range when any one trial is left out. Chance: how often, in ${permutations} studies with the same values dealt out anew, any hyperparameter looked that strong; it matters at ${formatShare(FALSE_CLAIMS)} or less`;
  return `${tested}. A trial counts for a hyperparameter only where that was active. Rank correlation is with ${nameSpan(objective.metric)} itself (${better(objective)}), from ${FEWEST_TRIALS} trials on.`;
}
