import { excerpt } from '../study/printable.ts';

const MOST_KEPT = 5;

/** The first few lines of a log that could not be read, each as `line 7: …`. */
export class LogProblems {
  readonly found: string[] = [];

  /** `text` is what the line held; a few words of it are shown. */
  add(line: number, problem: string, text: string): void {
    if (this.found.length < MOST_KEPT) this.found.push(`line ${line}: ${problem}: ${excerpt(text, 60)}`);
  }
}
