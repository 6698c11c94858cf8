import { readFileSync } from 'node:fs';
import { AgentHpoError, type ErrorCode } from './errors.ts';

/** A text file as UTF-8, a byte order mark left out. Throws `code` for a file in another encoding; system errors as they are. */
export function readText(path: string, code: ErrorCode): string {
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') && !text.includes('\0')) return text.replace(/^\uFEFF/, '');
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || text.includes('\0');
  throw new AgentHpoError({
    code,
    message: `${path} is not UTF-8 text${isUtf16 ? ': it is written in UTF-16' : ''}.`,
    hint: `Save it as UTF-8: an editor’s “Save with encoding”, or: iconv -f ${isUtf16 ? 'UTF-16' : 'LATIN1'} -t UTF-8.`,
  });
}
