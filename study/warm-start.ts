import { isDeepStrictEqual } from 'node:util';
import { comparableTrials } from './comparable.ts';
import { AgentHpoError } from './errors.ts';
import type { EventOf } from './events.ts';
import type { History } from './history.ts';
import type { Hyperparameters } from './hyperparameter.ts';
import type { Task } from './task.ts';

export type WarmStart = NonNullable<EventOf<'study-started'>['warmStart']>;

type StartedTask = Pick<Task, 'name' | 'objective' | 'profile' | 'dataIsStandIn' | 'space' | 'fixed'>;

/**
 * What a new study of `task` can learn from an earlier one: its complete trials that lie within the present space. They
 * stay that study’s: never trials of the new one, never its incumbent. Throws `warm-start-unfit` where no value of the
 * earlier study means anything here.
 */
export function warmStartFrom(earlier: History, task: StartedTask): WarmStart {
  const difference = differenceOf(earlier, task);
  if (difference !== undefined) throw unfit(earlier, difference);
  const complete = comparableTrials(earlier).filter(({ brokenConstraints }) => brokenConstraints.length === 0);
  const trials = complete.flatMap(({ number, proposal, value }) => {
    const hyperparameters = fitted(proposal.hyperparameters, task);
    return hyperparameters === undefined ? [] : [{ trial: number, hyperparameters, value }];
  });
  if (trials.length === 0)
    throw unfit(
      earlier,
      complete.length === 0
        ? 'it has no complete trial'
        : `none of its ${complete.length} complete trials lies within the present ranges and choices`,
    );
  return { study: earlier.start.study, trials, leftOut: complete.length - trials.length };
}

/** The first thing in which the two studies differ so that values mean something else; undefined when they may be compared. */
function differenceOf({ start, objective, space }: History, task: StartedTask): string | undefined {
  if (start.task !== task.name) return `it is a study of ${start.task}, not of ${task.name}`;
  const { metric, direction, at, constraints } = task.objective;
  if (!isDeepStrictEqual({ ...objective }, { metric, direction, at, constraints: [...constraints] }))
    return `its objective is ${inWords(objective)}, this one’s ${inWords(task.objective)}`;
  const profile = task.profile?.name ?? null;
  if (start.profile !== profile) return `its profile is ${start.profile ?? 'none'}, this one’s ${profile ?? 'none'}`;
  if (start.standIn !== task.dataIsStandIn)
    return start.standIn ? 'it trained on stand-in data' : 'it trained on the real data, this one does not';
  const other = task.space.parameters.find(({ name, type }) => space.get(name)?.type !== type);
  if (other === undefined) return undefined;
  const known = space.get(other.name)?.type;
  return known === undefined
    ? `it knows no hyperparameter ${other.name}`
    : `its ${other.name} is of type ${known}, this one’s of type ${other.type}`;
}

/** `minimize val_loss (last)`, with what a value must keep to. */
function inWords({ metric, direction, at, constraints }: StartedTask['objective']): string {
  return `${direction} ${metric} (${[at, ...constraints].join(', ')})`;
}

/** The configuration in the present space; undefined for one that it does not hold, or that had other values fixed. */
function fitted(values: Hyperparameters, { space, fixed }: StartedTask): Hyperparameters | undefined {
  const known = Object.entries(values).filter(([name]) => space.names.includes(name));
  const others = Object.entries(values).filter(([name]) => !space.names.includes(name));
  if (others.some(([name, value]) => !fixed.some((each) => each.name === name && each.value === value)))
    return undefined;
  const hyperparameters = Object.fromEntries(known);
  return space.violations(hyperparameters).length === 0 ? hyperparameters : undefined;
}

function unfit({ start }: History, why: string): AgentHpoError {
  return new AgentHpoError({
    code: 'warm-start-unfit',
    message: `The study ${start.study} cannot warm-start this one: ${why}.`,
    hint: 'Name a study of the same task, objective, profile and data with --warm-start, or leave it out.',
  });
}
