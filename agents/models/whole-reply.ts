import { z } from 'zod';

const text = z.string().nullish();
/** A piece of text as the protocol has it, or all of it at once as the object that it would be. */
const jsonText = z.union([text, z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))]);

/** A piece of a chat completion, as far as the agents need it. */
const piece = z.object({
  id: text,
  model: text,
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        finish_reason: text,
        delta: z
          .object({
            content: text,
            reasoning_content: text,
            refusal: text,
            tool_calls: z
              .array(
                z.object({
                  index: z.number().default(0),
                  id: text,
                  function: z.object({ name: text, arguments: jsonText }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .default([]),
});

type Piece = z.infer<typeof piece>;
type Delta = NonNullable<Piece['choices'][number]['delta']>;
type CallPiece = NonNullable<Delta['tool_calls']>[number];

/**
 * A chat completion that came as a stream of events, in one piece as our clients know it; any other reply as it is. One that
 * breaks off is left as it came: the client will say that it cannot read it.
 */
export async function toWholeReply(reply: Response): Promise<Response> {
  if (!reply.headers.get('content-type')?.startsWith('text/event-stream')) return reply;
  const events = await reply.text();
  const pieces = [...events.matchAll(/^data: ?(\{.*)$/gm)].flatMap(([, data = '']) => readPiece(data));
  const failed = pieces.find(({ error }) => error !== undefined && error !== null);
  if (failed !== undefined) return Response.json({ error: failed.error }, { status: 502 });
  const whole = putTogether(pieces);
  return whole === undefined ? new Response(events, { status: 200 }) : Response.json(whole);
}

function readPiece(data: string): Piece[] {
  try {
    const read = piece.safeParse(JSON.parse(data));
    return read.success ? [read.data] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return []; // cut off
    throw error;
  }
}

/** The completion; undefined when its end is missing. */
function putTogether(pieces: readonly Piece[]): object | undefined {
  const choices = pieces.flatMap((each) => each.choices.slice(0, 1));
  const end = choices.findLast(({ finish_reason: reason }) => reason)?.finish_reason;
  if (end === undefined) return undefined;
  const deltas = choices.flatMap(({ delta }) => delta ?? []);
  const joined = (name: 'content' | 'reasoning_content' | 'refusal') =>
    deltas.map((delta) => delta[name] ?? '').join('');
  const calls = putCallsTogether(deltas.flatMap((delta) => delta.tool_calls ?? []));
  const [reasoning, refusal] = [joined('reasoning_content'), joined('refusal')];
  const message = {
    role: 'assistant',
    content: joined('content'),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(refusal !== '' && { refusal }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const usage = pieces.findLast((each) => each.usage !== undefined && each.usage !== null)?.usage;
  const [first] = pieces;
  return {
    id: first?.id,
    model: first?.model,
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: end, message }],
    ...(usage !== undefined && { usage }),
  };
}

function putCallsTogether(pieces: readonly CallPiece[]) {
  const indices = [...new Set(pieces.map(({ index }) => index))];
  return indices.map((index) => {
    const parts = pieces.filter((each) => each.index === index);
    const said = (name: 'name' | 'arguments') => parts.map((part) => part.function?.[name] ?? '').join('');
    const id = parts.find((part) => part.id)?.id;
    return { id, type: 'function', function: { name: said('name'), arguments: said('arguments') } };
  });
}
