import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Candidate, candidatesFor } from '../completion/candidates.ts';
import { knownValues } from '../completion/known-values.ts';
import { type Context, EXIT } from '../context.ts';
import { cleanText } from '../terminal-text.ts';

/** How a shell reads a candidate and its description. */
function lineFor(shell: string, { value, description }: Candidate): string {
  const escaped = shell === 'zsh' ? value.replaceAll(/[\\:]/g, '\\$&') : value;
  if (shell === 'bash' || description === '') return escaped;
  return `${escaped}${shell === 'zsh' ? ':' : '\t'}${cleanText(description)}`;
}

/**
 * `agenthpo completion <shell>`: the script that a shell sources. The script asks with the words typed so far:
 * `agenthpo completion bash -- tune --strat`, and gets one candidate a line.
 */
export async function run(
  context: Context,
  [shell = '', ...words]: readonly string[],
  _: Record<string, unknown>,
  program: Command,
): Promise<number> {
  if (words.length === 0) {
    context.stdout.write(readFileSync(new URL(`../completion/agenthpo.${shell}`, import.meta.url), 'utf8'));
    return EXIT.ok;
  }
  const candidates = candidatesFor({
    program,
    words,
    known: (kind, typed, positional) => knownValues(context, kind, typed, positional),
  });
  // A folder’s name may hold anything; one that a terminal would act on is no candidate.
  const harmless = candidates.filter(({ value }) => value === cleanText(value));
  for (const candidate of harmless) context.stdout.write(`${lineFor(shell, candidate)}\n`);
  return EXIT.ok;
}
