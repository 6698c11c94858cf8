import { copyTask, type Ended, type TaskCopy } from './task-copy.ts';

export interface Training {
  /** Over the values of config.yaml. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly args?: readonly string[];
}

export interface Trained {
  readonly stdout: string;
  /** The training log, empty when there is none. */
  readonly log: string;
  /** `Type: message` of what it raised. */
  readonly error: string | null;
}

/**
 * Python that puts a network into the cache of Hugging Face in the place of the published weights; `network` is what
 * `model.build` returns, whose first two are the tokenizer and the network.
 */
export function putInHubCache(network: string): string {
  return `
import os, pathlib, yaml, model
config = {**yaml.safe_load(open('config.yaml')), 'weights': 'random'}
built = ${network}
place = pathlib.Path(os.environ['HF_HOME'], 'hub', 'models--' + model.PUBLISHED.replace('/', '--'))
commit = model.REVISION.ljust(40, '0')
for part in built[:2]:
    part.save_pretrained(place / 'snapshots' / commit)
(place / 'refs').mkdir()
(place / 'refs' / model.REVISION).write_text(commit)
`;
}

const PREPARE = `
import json, os, runpy, sys
os.environ.update(https_proxy='http://127.0.0.1:9', AGENTHPO_CONFIG_CHANGES=json.dumps({'dataset': sys.argv.pop()}))
runpy.run_path('prepare_data.py', run_name='__main__')
`;

const TRAIN_ALL = `
import contextlib, io, json, pathlib, sys, yaml
import train
config, log = pathlib.Path('config.yaml'), pathlib.Path('train_log.jsonl')
defaults, results = yaml.safe_load(config.read_text()), {}
for name, training in json.loads(sys.argv[1]).items():
    config.write_text(yaml.safe_dump({**defaults, **training['config']}))
    log.unlink(missing_ok=True)
    sys.argv = ['train.py', *training.get('args', [])]
    error, said = None, io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            train.main()
        except Exception as caught:
            error = f'{type(caught).__name__}: {caught}'
    results[name] = {'stdout': said.getvalue(), 'log': log.read_text() if log.exists() else '', 'error': error}
print(json.dumps(results))
`;

/** A copy of a text task that tests may train in, and how to. */
export interface TextTask extends TaskCopy {
  /** Python statements, run in the folder. */
  run(code: string): Ended;
  /** Runs prepare_data.py as for a study on one of the data sets, where nothing can be downloaded. */
  prepareFor(dataset: string): Ended;
  /** Trains several times in one process, because PyTorch takes longer to load than a tiny network to train. */
  trainAll<Name extends string>(trainings: Readonly<Record<Name, Training>>): Record<Name, Trained>;
}

/** The published weights are looked for in the copy alone. */
export function copyTextTask(name: string): TextTask {
  const task = copyTask(name, { HF_HOME: 'hugging-face', HF_HUB_OFFLINE: '1' });
  return {
    ...task,
    run: (code) => task.python('-c', code),
    prepareFor: (dataset) => task.python('-c', PREPARE, dataset),
    trainAll: (trainings) => {
      const { status, stdout, stderr } = task.python('-c', TRAIN_ALL, JSON.stringify(trainings));
      if (status !== 0 || stderr !== '') throw new Error(`the trainings said: ${stderr}`);
      return JSON.parse(stdout);
    },
  };
}
