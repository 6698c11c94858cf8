import { existsSync } from 'node:fs';
import { AgentHpoError } from '../study/errors.ts';
import type { Interpreter } from '../tools/prepare-training.ts';
import type { StudyRecord } from './study-record.ts';

/** The Python that a study began with. Throws `python-missing` when it is gone. */
export function studyPython({ python: { interpreter, variables } }: StudyRecord): Interpreter {
  if (existsSync(interpreter)) return { interpreter, variables };
  throw new AgentHpoError({
    code: 'python-missing',
    message: `The study’s Python ${interpreter} is gone.`,
    hint: 'Begin a new study with agenthpo tune; it finds or builds another one.',
  });
}
