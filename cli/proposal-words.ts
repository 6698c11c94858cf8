import type { History } from '../study/history.ts';
import { differingNames, type Hyperparameters, type HyperparameterValue, type Proposal } from '../study/trial.ts';
import { formatNumber } from './numbers.ts';
import { cleanText, oneLine, truncate } from './terminal-text.ts';
import { textTable } from './text-table.ts';

export interface ShownProposal {
  readonly proposal: Proposal;
  /** The proposal’s own values, or what the user made of them. */
  readonly values: Hyperparameters;
  readonly history: History;
  /** The terminal’s width. */
  readonly columns: number;
}

/** A configuration to compare with, under its heading. */
interface Column {
  readonly heading: string;
  readonly values: Hyperparameters;
}

/** A proposal beside what it starts from and beside the best trial: what changes, why, and what is expected. */
export function describeProposal({ proposal, values, history, columns }: ShownProposal): string[] {
  const others = comparedWith(proposal, history);
  const names = history.space.names.filter((name) => name in values || others.some((other) => name in other.values));
  const changed = names.filter((name) => others.some((other) => !Object.is(other.values[name], values[name])));
  const same = names.filter((name) => !changed.includes(name));
  const isEdited = values !== proposal.hyperparameters;
  const table = textTable([
    ['', ...others.map(({ heading }) => heading), isEdited ? 'edited' : 'proposed', 'why'],
    ...changed.map((name) => [
      name,
      ...others.map((other) => shown(other.values[name])),
      shown(values[name]),
      isEdited && !Object.is(values[name], proposal.hyperparameters[name])
        ? `yours, was ${shown(proposal.hyperparameters[name])}`
        : oneLine(proposal.reasons?.[name] ?? ''),
    ]),
  ]);
  return [
    '',
    `Trial ${history.trials.length + 1}, proposed by ${proposerOf(proposal)}:`,
    ...(changed.length === 0 ? [] : table.map((line) => truncate(`  ${line}`, columns - 1))),
    ...(same.length === 0
      ? []
      : [cleanText(`  unchanged: ${same.map((name) => `${name}=${shown(values[name])}`).join(', ')}`)]),
    ...(isEdited ? [] : storyOf(proposal, history)),
  ];
}

/** What it starts from, and the best so far where that is another. */
function comparedWith({ basedOn = 'default' }: Proposal, { incumbent, space, trials, objective }: History): Column[] {
  const value = (number: number) => {
    const known = trials[number - 1]?.value;
    return known === undefined ? '' : ` (${objective.metric} ${formatNumber(known)})`;
  };
  const parent = basedOn === 'default' ? undefined : trials[basedOn - 1];
  const base =
    parent === undefined
      ? { heading: 'default', values: space.defaults() }
      : { heading: `trial ${parent.number}${value(parent.number)}`, values: parent.proposal.hyperparameters };
  if (incumbent === undefined) return [base];
  const best = {
    heading: `best, trial ${incumbent.number}${value(incumbent.number)}`,
    values: incumbent.proposal.hyperparameters,
  };
  return differingNames(base.values, best.values).length === 0 ? [best] : [base, best];
}

function proposerOf({ origin, fallback }: Proposal): string {
  if (fallback === true) return `the ${origin} sampler (nothing acceptable was proposed before it)`;
  if (origin === 'creator') return 'the Creator';
  return origin === 'offline' ? 'the offline optimiser' : `the ${origin} sampler`;
}

function storyOf({ rationale, expects }: Proposal, { incumbent }: History): string[] {
  const about = expects?.value === undefined ? '' : `, about ${formatNumber(expects.value)}`;
  const than = expects?.outcome === 'similar' ? 'to' : 'than';
  const against = incumbent === undefined ? '' : ` ${than} the best so far`;
  return [
    ...(expects === undefined ? [] : [`  expected: ${expects.outcome}${against}${about}`]),
    ...(rationale === undefined ? [] : [`  why: ${oneLine(rationale)}`]),
  ];
}

function shown(value: HyperparameterValue | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? formatNumber(value) : cleanText(String(value));
}
