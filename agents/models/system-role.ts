import { isObject } from './request-places.ts';

type Body = Readonly<Record<string, unknown>>;

/** OpenAI’s newer models call the system role “developer”. */
const SYSTEM_ROLES: readonly unknown[] = ['system', 'developer'];

export function hasSystemRole(body: Body): boolean {
  return systemTextsOf(body).length > 0;
}

/** The system’s text leads the first user message: what models without the role were trained on. */
export function withoutSystemRole(body: Body): Body {
  const said = systemTextsOf(body).join('\n\n');
  if (said === '') return body;
  const { system: _, systemInstruction: __, ...rest } = body;
  if (isList(rest['contents'])) return { ...rest, contents: led(rest['contents'], 'parts', said) };
  const others = messagesOf(rest).filter(({ role }) => !SYSTEM_ROLES.includes(role));
  return { ...rest, messages: led(others, 'content', said) };
}

/** In messages of their own (OpenAI), or beside them (Anthropic, Amazon, Google). */
function systemTextsOf(body: Body): string[] {
  const messages = messagesOf(body).filter(({ role }) => SYSTEM_ROLES.includes(role));
  return [...messages.map(({ content }) => content), body['system'], body['systemInstruction']].flatMap(textsIn);
}

function textsIn(said: unknown): string[] {
  if (typeof said === 'string') return [said];
  if (isList(said)) return said.flatMap(textsIn);
  return isObject(said) ? textsIn(said['text'] ?? said['parts']) : [];
}

/** The turns, with the text before the first one of the user; in the place of its own where there is none. */
function led(turns: readonly unknown[], key: 'content' | 'parts', said: string): unknown[] {
  const first = turns.findIndex((each) => isObject(each) && each['role'] === 'user');
  const lead = (turn: unknown) => {
    if (!isObject(turn)) return turn;
    const given = turn[key];
    return { ...turn, [key]: isList(given) ? [{ text: said }, ...given] : `${said}\n\n${given}` };
  };
  if (first !== -1) return turns.map((each, index) => (index === first ? lead(each) : each));
  return [{ role: 'user', [key]: key === 'parts' ? [{ text: said }] : said }, ...turns];
}

function messagesOf(body: Body): Body[] {
  return isList(body['messages']) ? body['messages'].filter(isObject) : [];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
