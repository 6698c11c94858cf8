import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = new URL('../../', import.meta.url);

/** A fenced block of a document, with what the comment right above it tells the tests. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** `<!-- file: mine/task.yaml -->`: the block is this file. */
  readonly file?: string;
  /** `<!-- not run: it needs an OpenAI key -->` */
  readonly notRun?: string;
}

/** README.md and what stands in docs/, relative to the repository. */
export const DOCUMENTS = [
  'README.md',
  ...readdirSync(fileURLToPath(new URL('docs/', ROOT)))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function readDocument(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The fenced blocks of a document, in their order. */
export function snippetsOf(document: string): Snippet[] {
  const blocks = document.matchAll(/(?:<!-- (file|not run): (.+?) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ 1: mark, 2: words, 3: language = '', 4: text = '', index }) => ({
    language,
    text,
    line: document.slice(0, index).split('\n').length,
    ...(mark === 'file' && { file: words }),
    ...(mark === 'not run' && { notRun: words }),
  }));
}

/** What a person would type: a shell block whole, of a recorded session the lines behind `$ `. */
export function commandsOf({ language, text }: Snippet): string {
  if (language === 'sh') return text;
  if (language !== 'console') return '';
  return [...text.matchAll(/^\$ (.*(?:\\\n.*)*)$/gm)].map(([, command]) => command).join('\n');
}
