import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ablationsOf } from '../../configs/ablations.ts';
import { AgentHpoError } from '../../study/errors.ts';
import type { History } from '../../study/history.ts';
import { listStudies, studyPaths } from '../../study/study-folder.ts';
import { llmTrialsOf } from '../llm-trials.ts';
import { readHistory } from '../open-study.ts';
import { assertSameCode, assertSameSpace } from '../same-code.ts';
import { readStudyRecord, type StudyRecord } from '../study-record.ts';
import type { BenchPlan, PlannedArm } from './bench-plan.ts';

/** One study of a benchmark, begun or not. */
export interface BenchCell {
  readonly planned: PlannedArm;
  readonly seed: number;
  /** What its study is made under: the benchmark’s `studies/<arm>-seed-<n>`. */
  readonly out: string;
  /** undefined before it was begun. */
  readonly study?: BegunStudy;
}

export interface BegunStudy {
  readonly folder: string;
  readonly record: StudyRecord;
  readonly history: History;
}

/** All cells, seed by seed, so that a benchmark that is ended early has whole seeds to compare. Throws for studies that are another benchmark’s. */
export function benchCells(plan: BenchPlan): BenchCell[] {
  return plan.seeds.flatMap((seed) => plan.arms.map((planned) => benchCell(plan, planned, seed)));
}

function benchCell(plan: BenchPlan, planned: PlannedArm, seed: number): BenchCell {
  const out = join(plan.folder, 'studies', `${folderName(planned.arm.name)}-seed-${seed}`);
  const folder = listStudies(out).at(-1);
  if (folder === undefined) return { planned, seed, out };
  const study = readStudy(folder);
  assertFits(study, plan, planned, seed);
  return { planned, seed, out, study };
}

export function readStudy(folder: string): BegunStudy {
  return { folder, record: readStudyRecord(studyPaths(folder).settings), history: readHistory(folder) };
}

/** `creator(openai:gpt-5-mini)` → `creator-openai-gpt-5-mini`. */
function folderName(arm: string): string {
  return arm.replaceAll(/[^\w.]+/g, '-').replace(/-$/, '');
}

/** Whether a cell’s study has nothing left to do. */
export function isDone({ study }: BenchCell, trials: number): boolean {
  const end = study?.history.end;
  if (study === undefined || end === undefined || end.status === 'paused' || end.reason === 'cost-budget') return false;
  return end.reason !== 'trial-budget' || study.history.finished.length >= trials;
}

/** Values of two codes are not compared: the benchmark begins anew. */
const ANOTHER_FOLDER = 'begin a new benchmark in another folder with --out.';

/** Throws `usage` where a study was begun with other settings, `code-changed` where the task is another by now. */
function assertFits({ folder, record, history }: BegunStudy, plan: BenchPlan, planned: PlannedArm, seed: number): void {
  const { task } = plan;
  const { settings, models } = planned;
  const wanted = {
    task: task.folder,
    profile: task.profile?.name ?? null,
    set: { ...plan.sets },
    'stand-in': task.dataIsStandIn,
    strategy: settings.strategy,
    overrule_share: overruleShareOf(settings),
    llm_trials: llmTrialsOf(settings),
    model: models.model,
    ablations: ablationsOf(settings),
    seed,
  };
  const known: Record<keyof typeof wanted, unknown> = {
    task: record.task.folder,
    profile: record.task.profile,
    set: record.task.set,
    'stand-in': record.stand_in,
    strategy: record.strategy,
    overrule_share: overruleShareOf(record),
    llm_trials: record.llm_trials,
    model: record.model,
    ablations: record.ablations,
    seed: record.seed,
  };
  const differing = Object.entries(wanted).find(([name, value]) => !isDeepStrictEqual(Object(known)[name], value));
  if (differing !== undefined)
    throw new AgentHpoError({
      code: 'usage',
      message: `${relative(plan.folder, folder)} in ${plan.folder} is of another benchmark: its ${differing[0]} is ${JSON.stringify(Object(known)[differing[0]])}, not ${JSON.stringify(differing[1])}.`,
      hint: 'Give another folder with --out, or the settings that this one was begun with.',
    });
  const study = { folder, record, task, history };
  assertSameSpace(study, ANOTHER_FOLDER);
  assertSameCode(study, ANOTHER_FOLDER);
}

/** null: the strategy does not heed it. */
function overruleShareOf({
  strategy,
  overrule_share,
}: Pick<StudyRecord, 'strategy' | 'overrule_share'>): number | null {
  return strategy === 'hybrid' ? overrule_share : null;
}
