import { excerpt } from '../study/printable.ts';
import type { AttemptOutcome, Failure, FailureCause } from '../study/trial.ts';
import type { ObjectiveProblem } from './objective-value.ts';
import { type OutputEnd, readOutputEnd } from './traceback.ts';

/** A training that has ended without success, as its runner and its output tell it. */
export interface EndedTraining {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly outcome: AttemptOutcome;
  /** stdout and stderr; the end of them is enough. */
  readonly output: string;
}

const LONGEST_MESSAGE = 300;

/** What the words of an output mean; the first that matches decides. */
const CAUSES_BY_WORDS: readonly (readonly [FailureCause, RegExp])[] = [
  ['import', /\b(?:ModuleNotFoundError|ImportError)\b|No module named/],
  [
    'out-of-memory',
    /\b(?:\w*MemoryError|OutOfMemoryError|ResourceExhaustedError|RESOURCE_EXHAUSTED|bad_alloc)\b|\bout of memory\b|can't allocate memory|Cannot allocate memory/i,
  ],
  [
    'data',
    /\b(?:FileNotFoundError|NotADirectoryError|URLError|HTTPError|ConnectionError|ConnectionRefusedError)\b|Dataset not found/,
  ],
  [
    'diverged',
    /\bFloatingPointError\b|\bdiverged\b|\b(?:loss|gradient|objective|metric)\b.{0,40}\b(?:is|was|became|=|:)\s*-?(?:nan|inf)|\bcontains? (?:nan|inf)|\b(?:nan|infinite) (?:loss|gradient)|\bnon-?finite\b|\bNaN or inf/i,
  ],
];

/** Why a training failed: from how it ended, else from the exception its output ends in. */
export function explainFailure(training: EndedTraining): Failure {
  const end = readOutputEnd(training.output);
  const byEnding = causeOfEnding(training);
  const cause = byEnding ?? causeOfWords(end);
  return { cause, message: excerpt(describe(training, end), LONGEST_MESSAGE), tail: end.tail };
}

/** Why a training that ended well has no value: it recorded no such metric, or one that is not finite. */
export function explainMissingValue(problem: ObjectiveProblem, output: string): Failure {
  return {
    cause: problem.problem === 'no-metric' ? 'no-metric' : 'diverged',
    message: excerpt(problem.message, LONGEST_MESSAGE),
    tail: readOutputEnd(output).tail,
  };
}

function causeOfEnding({ outcome, exitCode, signal }: EndedTraining): FailureCause | undefined {
  switch (outcome) {
    case 'timed-out':
      return 'timed-out';
    case 'memory-limit':
      return 'out-of-memory';
    case 'lost':
    case 'interrupted':
      return 'infrastructure';
    case 'exited':
      // Nobody but the kernel kills a training with SIGKILL (137 = 128 + 9) once the runner’s own reasons are out.
      return exitCode === 137 || signal === 'SIGKILL' ? 'out-of-memory' : undefined;
  }
}

function causeOfWords({ exception, tail }: OutputEnd): FailureCause {
  const words = exception ?? tail; // a program without exceptions explains itself somewhere in its last lines
  return CAUSES_BY_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'crash';
}

function describe({ outcome, exitCode, signal }: EndedTraining, { exception, lastLine }: OutputEnd): string {
  const said = exception ?? lastLine;
  const saying = said === '' ? '' : `; its last line: ${said}`;
  if (outcome === 'timed-out') return `the training ran past its time limit${saying}`;
  if (outcome === 'memory-limit') return `the training used more memory than it may${saying}`;
  if (outcome === 'lost') return 'the training was lost: neither its process nor its result is left';
  if (outcome === 'interrupted') return 'the training was interrupted';
  if (exitCode === 137 || signal === 'SIGKILL')
    return `the training was killed (SIGKILL), which usually means that the machine ran out of memory${saying}`;
  if (exception !== undefined) return exception;
  const ending = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  return said === '' ? `${ending}, without a word of output` : `${ending}${saying}`;
}
