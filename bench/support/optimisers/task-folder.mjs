import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const LOG = 'train_log.jsonl';

/** What a user would write about the models of a family: enough to know them, nothing of how they answer. Functions have nothing to say. */
const DESCRIPTIONS = {
  svm: 'A support vector machine with a radial kernel (scikit-learn’s SVC) on standardised inputs.',
  logistic: 'Logistic regression by stochastic gradient descent (scikit-learn’s SGDClassifier) on standardised inputs.',
  forest: 'A random forest classifier (scikit-learn).',
  lcbench:
    'A funnel-shaped multi-layer perceptron on a table, trained by SGD with momentum and a cosine schedule for 52 epochs.',
  taskset:
    'A recurrent text classifier (GRU, 128 units), trained by Adam with L1 and L2 penalties and learning rate decay.',
  'gradient-descent': 'Gradient descent with momentum on a function of two numbers, 500 steps.',
};

/**
 * A problem as a task of agenthpo in `folder`. Anonymous: parameters are p1, p2 … and nothing says what they do. Answers the
 * task’s path and, for each name in the task, the problem’s own.
 */
export function writeTask(folder, problem, isAnonymous) {
  const task = join(folder, 'task');
  mkdirSync(task);
  const entries = Object.entries(problem.space).map(([name, spec], index) => {
    if (!isAnonymous) return { own: name, name, spec };
    const { description: _hidden, ...rest } = spec;
    return { own: name, name: `p${index + 1}`, spec: rest };
  });
  const content = {
    name: isAnonymous ? 'task' : problem.name.replaceAll('/', '-'),
    description: (isAnonymous ? undefined : descriptionOf(problem)) ?? 'A number to minimise.',
    objective: { metric: 'loss', direction: 'minimize' },
    hyperparameters: Object.fromEntries(entries.map(({ name, spec }) => [name, spec])),
    train: { script: 'train.py', args: entries.map(({ name }) => `--${name}={${name}}`).join(' '), log: LOG },
  };
  writeFileSync(join(task, 'task.yaml'), stringify(content));
  writeFileSync(join(task, 'train.py'), '# Never run: its trainings are answered by the oracle.\n');
  return { task, names: new Map(entries.map(({ name, own }) => [name, own])) };
}

function descriptionOf({ family, name }) {
  const instance = name.slice(family.length + 1);
  return DESCRIPTIONS[family] ?? DESCRIPTIONS[instance.slice(0, instance.indexOf('-'))];
}
