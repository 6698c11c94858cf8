import type { BenchPlan, PlannedArm } from './bench-plan.ts';

/** The command line that begins one study of a benchmark by itself, as its record and its report name it. */
export function tuneCommand(plan: BenchPlan, { arm, settings, models }: PlannedArm, seed: number): string[] {
  const { task, sets, trials } = plan;
  const { timeout, python, base_url: baseUrl, sandbox, strategy } = settings;
  const words = (flag: string, value: string | number | null | undefined) =>
    value === null || value === undefined ? [] : [flag, String(value)];
  // Strategy and model are named below.
  const own = Object.entries(arm.settings).flatMap(([name, value]) =>
    ['strategy', 'model'].includes(name) ? [] : flagOf(name, value),
  );
  return [
    'agenthpo',
    'tune',
    task.folder,
    ...words('--strategy', strategy),
    ...own,
    ...words('--executor', settings.executor),
    ...words('--model', models.model),
    ...words('--base-url', models.model === null ? null : baseUrl),
    ...words('--trials', trials),
    ...words('--seed', seed),
    ...words('--profile', task.profile?.name),
    ...Object.entries(sets).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...(task.dataIsStandIn ? ['--stand-in'] : []),
    ...words('--timeout', timeout),
    ...words('--python', python),
    ...(sandbox ? ['--sandbox'] : []),
  ];
}

/** What an arm sets has the flag of its setting’s name; only tune’s flags are scalars, and true is a flag by itself. */
function flagOf(setting: string, value: unknown): string[] {
  const flag = `--${setting.replaceAll('_', '-')}`;
  if (value === true) return [flag];
  return typeof value === 'string' || typeof value === 'number' ? [flag, String(value)] : [];
}
