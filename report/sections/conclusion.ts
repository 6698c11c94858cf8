import { printable } from '../../study/printable.ts';
import type { ReportAnalysis } from '../analyse.ts';
import type { Claim } from '../claims.ts';
import { FEWEST_TRIALS } from '../importance.ts';
import { countOf, formatNumber, formatShare } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { cutText, inlineText } from '../untrusted.ts';
import { nameSpan, shownValue } from '../words.ts';
import { correlationText, verdictText } from './parameters.ts';

/** The Creator’s analysis in the paper’s three parts, each sentence on an influence beside what the data says. */
export function conclusionSections({ conclusion, facts }: ReportAnalysis): string[] {
  if (conclusion === undefined) return [];
  const { analysis, claims } = conclusion;
  const whose =
    analysis.by === 'offline'
      ? '*Computed by the offline optimiser from the log; no language model wrote it.*'
      : `*Words of the language model ${inlineText(facts.modelLabel, 80)}, quoted. Where the log says otherwise, believe the log.*`;
  return [
    '## The Creator’s analysis',
    whose,
    '### Best configuration',
    quoted(analysis.best),
    '### Influence of each hyperparameter',
    claims.length === 0 ? 'It says nothing about any hyperparameter.' : claimTable(claims),
    '### Future directions',
    quoted(analysis.future),
  ];
}

/** A block quote, one paragraph per line of the original. */
function quoted(text: string): string {
  const lines = cutText(printable(text), 3000)
    .split('\n')
    .map((line) => inlineText(line, 3200))
    .filter((line) => line !== '');
  return lines.length === 0 ? '> (empty)' : lines.map((line) => `> ${line}`).join('\n>\n');
}

function claimTable(claims: readonly Claim[]): string {
  return markdownTable<Claim>(
    [
      { heading: 'Hyperparameter', cell: ({ name }) => nameSpan(name) },
      { heading: 'The analysis says', cell: ({ sentence }) => inlineText(sentence, 500) },
      { heading: 'The data says', cell: (claim) => dataSays(claim) },
    ],
    claims,
  );
}

const AGAINST: Record<NonNullable<Claim['unsupported']>, string> = {
  'not-a-hyperparameter': 'not a hyperparameter of this study',
  'never-active': 'it was active in no complete trial',
  'never-varied': 'it never varied',
  'too-few-trials': `too few trials to say (it takes ${FEWEST_TRIALS})`,
  'no-effect-shown': 'no effect that stands out from chance',
};

function dataSays({ effect, unsupported }: Claim): string {
  if (effect === undefined) return `**No influence shown:** ${AGAINST['not-a-hyperparameter']}.`;
  const { correlation, groups = [], importance } = effect;
  const medians = groups.map(({ value, median, trials }) => `${shownValue(value)} ${formatNumber(median)} (${trials})`);
  const facts = [
    countOf(importance.trials, 'trial'),
    ...(importance.verdict === 'matters' && importance.chance !== undefined
      ? [`chance ${formatShare(importance.chance)}`]
      : []),
    ...(correlation === undefined ? [] : [`rank correlation ${correlationText(correlation)}`]),
    ...(medians.length === 0 ? [] : [`medians ${medians.join(', ')}`]),
  ].join('; ');
  const verdict =
    unsupported === undefined ? verdictText(importance) : `**No influence shown:** ${AGAINST[unsupported]}`;
  return `${verdict}; ${facts}.`;
}
