import { isNumeric, valuesOf } from '../../study/hyperparameter.ts';
import type { SearchSpace } from '../../study/search-space.ts';
import type { Finding } from '../findings.ts';
import { formatNumber } from '../numbers.ts';
import { nameSpan, shownValue } from '../words.ts';

export type Edge = Extract<Finding, { kind: 'edge' }>;

export function edgesAmong(findings: readonly Finding[]): Edge[] {
  return findings.filter((finding) => finding.kind === 'edge');
}

/** `epochs = 40 lies at the upper end of its range [5, 40]`. */
export function edgePhrase({ name, value, side, reach }: Edge, space: SearchSpace): string {
  return `${nameSpan(name)} = ${shownValue(value)} lies ${reach} the ${side} end of its range${rangeOf(name, space)}`;
}

function rangeOf(name: string, space: SearchSpace): string {
  const parameter = space.get(name);
  if (parameter === undefined) return '';
  if (isNumeric(parameter)) return ` [${formatNumber(parameter.low)}, ${formatNumber(parameter.high)}]`;
  const values = valuesOf(parameter) ?? [];
  return ` [${[values[0], values.at(-1)].map((value) => shownValue(value)).join(', ')}]`;
}
