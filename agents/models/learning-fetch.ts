import { applyQuirks } from './apply-quirks.ts';
import { learnQuirk, readRefusal } from './learn-quirk.ts';
import { parseBody } from './parse-body.ts';
import type { QuirkMemory } from './quirk-memory.ts';
import { toWholeReply } from './whole-reply.ts';

/**
 * A `fetch` for chat completions that learns: a request that the server refuses for something that can be left out is
 * changed accordingly and sent again, once for each such quirk; later requests are changed from the start. A refusal of
 * tools is remembered and answered as it is: the conversation itself must change.
 */
export function createLearningFetch(send: typeof fetch, memory: QuirkMemory): typeof fetch {
  return async (input, init) => {
    const written = typeof init?.body === 'string' ? parseBody(init.body) : undefined;
    if (written === undefined) return await send(input, init);
    for (;;) {
      const known = memory.known();
      const body = applyQuirks(written, known);
      const response = await toWholeReply(
        await send(input, {
          ...init,
          headers: withoutLength(init?.headers),
          body: JSON.stringify(body),
        }),
      );
      if (response.ok) return response;
      const answer = await response.text();
      const learned = learnQuirk(response.status, answer, body, known);
      if (learned !== undefined) memory.learned(learned);
      if (learned === undefined || learned.quirk === 'no-tools' || !memory.known().has(learned.quirk))
        return readable(response, answer);
    }
  };
}

/** The refusal in the shape that clients read, whatever the server’s own: else they say no more than the status. */
function readable({ status, headers }: Response, answer: string): Response {
  const { message } = readRefusal(answer);
  const body = parseBody(answer);
  const isReadable = typeof body?.['error'] === 'object';
  const text = isReadable || body === undefined ? answer : JSON.stringify({ error: { message } });
  return new Response(text, { status, headers });
}

function withoutLength(given: RequestInit['headers']): Headers {
  const headers = new Headers(given);
  headers.delete('content-length');
  return headers;
}
