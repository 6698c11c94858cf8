import type { Usage } from '../../study/usage.ts';
import type { ReportAnalysis } from '../analyse.ts';
import { countOf, formatNumber, formatSeconds } from '../numbers.ts';
import { markdownTable } from '../table.ts';
import { codeSpan } from '../untrusted.ts';
import { asksOffline } from '../words.ts';

interface Row {
  readonly name: string;
  readonly usage: Usage;
}

/** Requests, tokens, money and seconds. */
export function costSections(analysis: ReportAnalysis): string[] {
  const { total, roles, models, trainingSeconds, attempts, attemptsWithoutTime, activeSeconds } = analysis.cost;
  const unseen =
    attemptsWithoutTime === 0 ? '' : ` (the time of ${countOf(attemptsWithoutTime, 'attempt')} is not known)`;
  const seconds = `Training took ${formatSeconds(trainingSeconds)} in ${countOf(attempts, 'attempt')}${unseen}; the study was active for ${formatSeconds(activeSeconds)}.`;
  if (total.requests === 0) return ['## Cost', `No model was asked. ${seconds}`];
  const rows: Row[] = [
    ...roles.map(({ role, usage }) => ({
      name: { creator: 'Creator', executor: 'Executor', report: 'Report' }[role],
      usage,
    })),
    ...(roles.length > 1 ? [{ name: '**All**', usage: total }] : []),
  ];
  const byModel = models.map(({ model, usage }) => ({ name: codeSpan(model), usage }));
  const note = asksOffline(analysis)
    ? ['Requests went to the embedded offline optimiser: no language model was asked and nothing was paid.']
    : estimateNote(total);
  const tables = [usageTable('Role', rows), ...(byModel.length === 0 ? [] : [usageTable('Model', byModel)])];
  return ['## Cost', seconds, ...tables, ...note];
}

/** What of the sums nobody reported; empty when all was. */
function estimateNote({ failedRequests, estimatedTokens, estimatedUsd }: Usage): string[] {
  const failed =
    failedRequests === 0 ? '' : `${countOf(failedRequests, 'request')} brought no reply; it is counted all the same. `;
  const money = estimatedUsd > 0 ? ` and \\$${formatNumber(estimatedUsd, 3)}` : '';
  const estimated =
    estimatedTokens === 0
      ? ''
      : `${formatNumber(estimatedTokens)} tokens${money} are a high estimate, for requests of which the provider reported no use (some may not have been charged).`;
  const note = `${failed}${estimated}`.trim();
  return note === '' ? [] : [note];
}

function usageTable(who: string, rows: readonly Row[]): string {
  const number = (heading: string, pick: (usage: Usage) => string) => ({
    heading,
    align: 'right' as const,
    cell: ({ usage }: Row) => pick(usage),
  });
  return markdownTable(
    [
      { heading: who, cell: ({ name }: Row) => name },
      number('Requests', ({ requests }) => formatNumber(requests)),
      number('Prompt tokens', ({ promptTokens }) => formatNumber(promptTokens)),
      number('of them cached', ({ cachedTokens }) => formatNumber(cachedTokens)),
      number('Completion tokens', ({ completionTokens }) => formatNumber(completionTokens)),
      number('of them reasoning', ({ reasoningTokens }) => formatNumber(reasoningTokens)),
      number('Money', ({ costUsd }) => (costUsd === null ? 'unknown' : `$${formatNumber(costUsd, 3)}`)),
      number('Model time', ({ seconds }) => formatSeconds(seconds)),
    ],
    rows,
  ).replaceAll('$', String.raw`\$`); // two dollar signs in a line would set the text between them as a formula
}
