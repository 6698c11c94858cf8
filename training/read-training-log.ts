import { parseCsv } from './parse-csv.ts';
import { parseJsonl } from './parse-jsonl.ts';
import { parseLines } from './parse-lines.ts';
import type { LogFormat, TrainingLog } from './training-log.ts';

/**
 * The rows of a training log, whatever it is written in. Never throws for what a script wrote: what cannot be read
 * is skipped and named in `problems`. `pattern` (for `lines`) is the task’s; an unusable one throws `task-invalid`.
 */
export function parseTrainingLog(text: string, format: LogFormat, pattern?: string): TrainingLog {
  switch (format) {
    case 'jsonl':
      return parseJsonl(text);
    case 'csv':
      return parseCsv(text);
    case 'lines':
      return parseLines(text, pattern);
  }
}
