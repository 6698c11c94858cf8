import { preparePython } from '../../runners/python-environment.ts';
import { loadTask } from '../../study/load-task.ts';
import { askBeforeTrials, assertAskable } from '../approve.ts';
import { assertFlagsFit } from '../assert-flags-fit.ts';
import { beginStudy } from '../begin-study.ts';
import { confirmFirstUse } from '../confirm-first-use.ts';
import type { Context } from '../context.ts';
import { ASSUMPTIONS, describeEstimate, type RoleEstimate } from '../estimate.ts';
import { findTask } from '../find-task.ts';
import { jsonLine } from '../json-line.ts';
import { numberOption, textOption } from '../options.ts';
import { optunaPython } from '../optuna-python.ts';
import { assertOwnServer } from '../own-server.ts';
import { parseSets } from '../parse-sets.ts';
import { planModels } from '../plan-models.ts';
import { prepareData } from '../prepare-data.ts';
import { printOutcome } from '../print-outcome.ts';
import { progressFor } from '../progress-for.ts';
import { pythonRequest } from '../python-request.ts';
import { createSay } from '../say.ts';
import { isOwnWord, loadSettings } from '../settings.ts';
import { loadAgents } from '../study-parts.ts';
import { assertSandboxWorks } from '../training-sandbox.ts';
import { readWarmStart } from '../warm-start.ts';
import { watchInstallation } from '../watch-installation.ts';
import { workOnStudy } from '../work-on-study.ts';

/** `agenthpo tune <task>`: read the task, prepare its Python, begin a study, work on it to its end. */
export async function run(
  context: Context,
  [reference = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<number> {
  const isApproved = options['approve'] === true;
  if (isApproved) assertAskable(context);
  const sets = parseSets(options['set']);
  const folder = findTask(reference, context.workingFolder);
  const standIn = options['standIn'] === true;
  const task = loadTask(folder, { reference, profile: textOption(options['profile']), sets, standIn });
  const settings = loadSettings({ ...context, flags: options, budget: task.budget });
  assertFlagsFit(options, settings.strategy);
  assertOwnServer(settings, { ...context, flags: options });
  const seed = numberOption('--seed', options['seed']);
  const beginWithDefault = options['default'] !== false;
  const plan = planModels({ context, settings, task, beginWithDefault });
  const { model, models, maxUsd } = plan;
  const isPlain = options['plain'] === true;
  const say = createSay(context, isPlain);
  const isEstimate = options['estimate'] === true;
  // Whatever cannot be used is said before what it costs; an estimate needs no key.
  if (!isEstimate) await plan.assertUsable();
  for (const line of await plan.words(isEstimate)) say(line);
  const warmStart = readWarmStart(textOption(options['warmStart']), { task, out: settings.out, context, say });
  if (isEstimate) return printEstimate(context, await plan.estimate(), options['json'] === true);
  await plan.assertAnswers();
  const { sandbox: isSandboxed } = settings;
  if (isSandboxed) await assertSandboxWorks(context);
  await confirmFirstUse({ task, context, settings, isConfirmed: options['yes'] === true, say });
  const findingPython = watchInstallation({ context, isPlain, say }, (watch) =>
    preparePython(pythonRequest(task, settings, context), watch),
  );
  const [python] = await Promise.all([findingPython, model === null ? undefined : loadAgents()]);
  const { strategy } = settings;
  const optuna = await optunaPython({ strategy, python, task, isSandboxed, context, settings, isPlain, say });
  await prepareData({ task, python, context, isSandboxed, say });
  const prompts = model === null ? {} : (await import('../../agents/render-prompt.ts')).promptHashes();
  const study = beginStudy({
    context,
    settings,
    task,
    sets,
    model,
    models,
    python,
    seed,
    beginWithDefault,
    isApproved,
    isOwnServer: settings.base_url === null || isOwnWord('base_url', { ...context, flags: options }),
    prompts,
    ...(warmStart && { warmStart }),
    ...(maxUsd !== undefined && { maxUsd }),
    say,
  });
  const progress = progressFor(context, isPlain);
  const { journal, end } = await workOnStudy(study, {
    context,
    progress,
    prices: settings.prices,
    optuna,
    ...(isApproved && { approve: askBeforeTrials(context) }),
  });
  return printOutcome({
    context,
    folder: study,
    history: journal.history,
    end,
    asJson: options['json'] === true,
    isPlain,
  });
}

function printEstimate({ stdout }: Context, estimates: readonly RoleEstimate[], asJson: boolean): number {
  const lines = estimates.length === 0 ? ['No model takes part: nothing to pay.'] : describeEstimate(estimates);
  stdout.write(asJson ? jsonLine({ estimates, assumptions: ASSUMPTIONS }) : `${lines.join('\n')}\n`);
  return 0;
}
