import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The prompt files, by name; each is `prompts/<name>.md`. */
export const PROMPT_NAMES = [
  'conclude',
  'conclude-system',
  'creator-candidates',
  'creator-deterministic',
  'creator-earlier',
  'creator-expert',
  'creator-hybrid',
  'creator-log',
  'creator-no-candidates',
  'creator-no-reasoning',
  'creator-opro',
  'creator-opro-system',
  'creator-plain',
  'creator-reasoning',
  'creator-results',
  'creator-system',
  'creator-task',
  'creator-turn',
  'creator-user',
  'executor-system',
  'executor-trial',
  'summary',
  'summary-system',
  'text-form',
] as const;

export type PromptName = (typeof PROMPT_NAMES)[number];

const SLOT = /\{\{([a-z_]+)\}\}/g;

/** The prompt with its slots filled. Throws when a slot has no value or a value has no slot. */
export function renderPrompt(name: PromptName, slots: Readonly<Record<string, string>> = {}): string {
  return fillSlots(readPrompt(name), slots, name);
}

/** Fill `{{slot}}`s in one pass, so that a value that looks like a slot stays what it is. */
export function fillSlots(template: string, slots: Readonly<Record<string, string>>, name: string): string {
  const used = new Set<string>();
  const filled = template.replaceAll(SLOT, (_, slot: string) => {
    const value = Object.hasOwn(slots, slot) ? slots[slot] : undefined;
    if (value === undefined) throw new Error(`prompt ${name}: the slot "${slot}" has no value`);
    used.add(slot);
    return value;
  });
  const unused = Object.keys(slots).find((slot) => !used.has(slot));
  if (unused !== undefined) throw new Error(`prompt ${name}: there is no slot for "${unused}"`);
  return filled.trim();
}

/** The SHA-256 of each prompt file, so that a log can say which words produced it. */
export function promptHashes(): Record<PromptName, string> {
  const hashes = PROMPT_NAMES.map((name) => [name, createHash('sha256').update(readPrompt(name)).digest('hex')]);
  return Object.fromEntries(hashes) as Record<PromptName, string>; // one entry per name, by construction
}

function readPrompt(name: PromptName): string {
  return readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8');
}
