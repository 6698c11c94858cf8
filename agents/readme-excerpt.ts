import { cutToSentence } from '../study/text-cuts.ts';

/**
 * The prose with which a README begins: whole paragraphs without headings, tables and code, in about `limit` characters.
 * Commands and file lists are for people; a sentence cut in its middle is for nobody.
 */
export function readmeExcerpt(readme: string, limit: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const paragraph of paragraphsOf(readme)) {
    length += paragraph.length;
    if (length > limit) return kept.length > 0 ? kept.join('\n') : cutToSentence(paragraph, limit);
    kept.push(paragraph);
  }
  return kept.join('\n');
}

function paragraphsOf(readme: string): string[] {
  const withoutCode = readme.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/^#.*$/gm, '\n');
  const paragraphs = withoutCode.split(/\n\s*\n/).map((each) => each.replaceAll(/\s+/g, ' ').trim());
  // What ends in a colon introduces what is left out.
  return paragraphs.filter((each) => each !== '' && !/^(\||<|!\[)|:$/.test(each));
}
