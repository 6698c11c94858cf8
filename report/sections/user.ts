import type { ReportAnalysis } from '../analyse.ts';
import { inlineText } from '../untrusted.ts';
import { nameSpan, shownValue } from '../words.ts';

/** What the user told the Creator while the study ran. */
export function userSections({ hints, refusals }: ReportAnalysis): string[] {
  const said = hints.map((hint) => `- ${inlineText(hint)}`);
  const refused = refusals.map(({ trial, hyperparameters, reason }) => {
    const values = Object.entries(hyperparameters).map(([name, value]) => `${nameSpan(name)} = ${shownValue(value)}`);
    return `- ${values.join(', ')} (for trial ${trial}): ${reason === '' ? 'no reason given' : inlineText(reason)}`;
  });
  return [
    ...(said.length === 0 ? [] : ['## Hints from the user', said.join('\n')]),
    ...(refused.length === 0 ? [] : ['## Turned down by the user', refused.join('\n')]),
  ];
}
