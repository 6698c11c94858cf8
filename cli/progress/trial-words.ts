import type { History } from '../../study/history.ts';
import type { Hyperparameters, HyperparameterValue } from '../../study/hyperparameter.ts';
import { improvement } from '../../study/objective.ts';
import { differingNames, type Trial } from '../../study/trial.ts';
import type { FoundTraining } from '../../tools/local-trial-session.ts';
import { formatNumber } from '../numbers.ts';
import { oneLine } from '../terminal-text.ts';

/** What a trial changes against the trial it is based on, or the defaults: `learning_rate 0.01→0.003, units 64→128 (from trial 2)`. */
export function describeChanges(trial: Trial, history: History): string {
  const { origin, basedOn, hyperparameters } = trial.proposal;
  if (origin === 'default') return 'the task’s defaults';
  const parent = typeof basedOn === 'number' ? history.trial(basedOn) : undefined;
  const base = parent?.proposal.hyperparameters ?? history.space.defaults();
  const changes = differingNames(hyperparameters, base).map((name) => describeChange(name, base, hyperparameters));
  const from = parent === undefined ? '' : ` (from trial ${parent.number})`;
  return (changes.length === 0 ? 'no change' : changes.join(', ')) + from;
}

function describeChange(name: string, from: Hyperparameters, to: Hyperparameters): string {
  if (!(name in to)) return `${name} left out`;
  return name in from ? `${name} ${show(from[name])}→${show(to[name])}` : `${name} ${show(to[name])}`;
}

function show(value: HyperparameterValue | undefined): string {
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

/** Why a trial was proposed, in one line; undefined when there is nothing to say (samplers give no reasons, and the defaults need none). */
export function describeReason(trial: Trial): string | undefined {
  const { rationale, reasons = {}, fallback, origin } = trial.proposal;
  if (origin === 'default') return undefined;
  if (fallback === true) return `Chosen by the ${origin} sampler: nothing acceptable was proposed before it.`;
  const words = rationale ?? Object.values(reasons).join(' ');
  const line = oneLine(words);
  return line === '' ? undefined : line;
}

/** Why a trial has no value, or why its value does not count; undefined for an ordinary one. */
export function describeTrouble(trial: Trial): string | undefined {
  if (trial.failure !== undefined) return `${trial.failure.cause}: ${oneLine(trial.failure.message)}`;
  if (trial.brokenConstraints.length > 0) return `breaks ${trial.brokenConstraints.join(', ')}`;
  return undefined;
}

/** Seconds of the training that counted: the last attempt’s own, an adopted one’s from its start to its end. */
export function trainingSeconds(trial: Trial): number {
  return trial.attempts.at(-1)?.wallSeconds ?? 0;
}

/** What a resume found of a training that its dead process had left. */
export function describeRecovery({ number, attempts }: Trial, found: FoundTraining): string {
  switch (found) {
    case 'running':
      return `trial ${number} was still running: waiting for it`;
    case 'finished':
      return `trial ${number} had finished meanwhile: its result counts`;
    case 'gone':
      return `trial ${number} was gone: starts again (attempt ${attempts.length + 1})`;
  }
}

/** How the incumbent stands against the default trial: `12.3% better than the default`; undefined when nothing compares. */
export function describeGain(history: History): string | undefined {
  const best = history.incumbent?.value;
  const initial = history.trials.find(({ proposal, state }) => proposal.origin === 'default' && state === 'complete');
  if (best === undefined || initial?.value === undefined || initial.number === history.incumbent?.number)
    return undefined;
  const gain = improvement(best, initial.value, history.objective.direction);
  if (initial.value === 0 || gain <= 0) return undefined;
  const share = (100 * gain) / Math.abs(initial.value);
  return `${share < 10 ? share.toFixed(1) : share.toFixed(0)}% better than the default`;
}
