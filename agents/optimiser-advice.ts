import { createAdvisor } from '../samplers/advisor.ts';
import { MODEL_AFTER } from '../samplers/choose-by-model.ts';
import { adviceRecord } from '../study/advice-record.ts';
import type { History } from '../study/history.ts';
import { overruleAllowance } from '../study/overruling.ts';
import type { Trial } from '../study/trial.ts';
import { candidateTable } from '../tools/candidate-table.ts';
import { createTurnAdvice, type TurnAdvice } from '../tools/turn-advice.ts';
import { toPromptBlock } from './prompt-block.ts';
import { renderPrompt } from './render-prompt.ts';

/** The `hybrid` strategy: an optimiser beside the Creator. */
export interface Hybrid {
  /** The study’s; what the optimiser offers depends on the history and on it alone. */
  readonly seed: number;
  /** What share of the study’s trials may differ from the optimiser’s candidates, in [0, 1]; adapted ones count. */
  readonly overruleShare: number;
}

/** Candidates in the prompt: one for each thing that they can stand for. The tool has more. */
const CANDIDATES_TOLD = 4;

/** The optimiser beside the proposal of trial `number`; `underWay`: trials without an end, and those promised. */
export function adviceFor(
  { seed, overruleShare }: Hybrid,
  { history, underWay, number }: { history: History; underWay: readonly Trial[]; number: number },
): TurnAdvice {
  const promised = underWay.filter((trial) => history.trial(trial.number) === undefined);
  const before = [...history.trials, ...promised];
  const { left, grows, rule } = overruleAllowance(before, overruleShare, history.budget.trials);
  const advisor = createAdvisor({ history, pending: underWay, trial: number, seed, likelyOnly: left < 1 });
  return createTurnAdvice(advisor, { mayDiffer: left, grows, limit: rule });
}

/** The candidates of a turn, what came of earlier ones, and how many proposals may still differ from them. */
export function candidatesPrompt(advice: TurnAdvice, history: History): string {
  const candidates = advice.tell(CANDIDATES_TOLD);
  if (candidates.length === 0) return renderPrompt('creator-no-candidates', { trials: String(MODEL_AFTER) });
  const { columns, rows } = candidateTable(candidates, history.space);
  return renderPrompt('creator-candidates', {
    candidates: toPromptBlock('candidates', {
      columns,
      rows,
      mayDiffer: advice.mayDiffer,
      beatTheIncumbent: successes(history),
    }),
    allowance:
      advice.mayDiffer > 0
        ? `You may adapt or overrule ${advice.mayDiffer} more, this one included${advice.grows ? '; later ones bring more' : ''}.`
        : `This turn adopts one as it is, its number alone without values: ${advice.limit}.`,
  });
}

/** How many of those with a best to beat were better: `{"adopted": "2 of 5"}` */
function successes(history: History): Record<string, string> | undefined {
  const tallies = adviceRecord(history).filter(({ judged }) => judged > 0);
  if (tallies.length === 0) return undefined;
  return Object.fromEntries(tallies.map(({ taken, judged, improved }) => [taken, `${improved} of ${judged}`]));
}
