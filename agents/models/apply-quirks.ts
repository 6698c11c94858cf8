import type { ModelQuirk } from '../../study/model-quirk.ts';
import { isSystem } from './learn-quirk.ts';

type Body = Readonly<Record<string, unknown>>;
type Change = (body: Body) => Body;

/** What each quirk changes in the body of a chat completion. Tools are another matter: they need another conversation. */
const CHANGES: Readonly<Partial<Record<ModelQuirk, Change>>> = {
  'no-temperature': without('temperature'),
  'no-tool-choice': without('tool_choice'),
  'no-parallel-tool-calls': without('parallel_tool_calls'),
  'no-response-format': without('response_format'),
  'no-stop': without('stop'),
  'no-seed': without('seed'),
  'no-max-tokens': renamed('max_tokens', 'max_completion_tokens'),
  'no-max-completion-tokens': renamed('max_completion_tokens', 'max_tokens'),
  'no-system-role': withoutSystemRole,
};

/** The body of a request as a server with these quirks takes it. */
export function applyQuirks(body: Body, quirks: ReadonlySet<ModelQuirk>): Body {
  return [...quirks].reduce((changed, quirk) => CHANGES[quirk]?.(changed) ?? changed, body);
}

function without(name: string): Change {
  return ({ [name]: _, ...rest }) => rest;
}

function renamed(from: string, to: string): Change {
  return ({ [from]: value, ...rest }) => (value === undefined ? rest : { [to]: value, ...rest });
}

/** The system’s text leads the first user message: what models without the role were trained on. */
function withoutSystemRole(body: Body): Body {
  const messages = Array.isArray(body['messages']) ? body['messages'].filter(isMessage) : [];
  const said = messages.filter(({ role }) => isSystem(role)).map(({ content }) => String(content));
  const others = messages.filter(({ role }) => !isSystem(role));
  const first = others.findIndex(({ role }) => role === 'user');
  if (said.length === 0) return body;
  const lead = (content: unknown) => [...said, String(content)].join('\n\n');
  const led =
    first === -1
      ? [{ role: 'user', content: said.join('\n\n') }, ...others]
      : others.map((each, index) => (index === first ? { ...each, content: lead(each.content) } : each));
  return { ...body, messages: led };
}

function isMessage(value: unknown): value is { role: unknown; content: unknown } {
  return typeof value === 'object' && value !== null && 'role' in value && 'content' in value;
}
