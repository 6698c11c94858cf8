import { cutToLine } from '../study/text-cuts.ts';

/** Problems of one call that are told, and characters of each: they quote what the model sent, of whatever length. */
const MOST_PROBLEMS = 30;
const PROBLEM_CHARACTERS = 400;

/** What is wrong with a call, as its model is told of it and the log keeps it: bounded, with how many more there are. */
export function toldProblems(problems: readonly string[]): string[] {
  const told = problems.slice(0, MOST_PROBLEMS).map((problem) => cutToLine(problem, PROBLEM_CHARACTERS));
  const more = problems.length - told.length;
  return more === 0 ? told : [...told, `and ${more} more`];
}
