import type { ModelQuirk } from '../../study/model-quirk.ts';
import { withReasoning } from './earlier-reasoning.ts';
import { withoutField } from './request-places.ts';
import { withoutSystemRole } from './system-role.ts';

type Body = Readonly<Record<string, unknown>>;
type Change = (body: Body) => Body;

/** What each quirk changes in the body of a chat completion. Tools are another matter: they need another conversation. */
const CHANGES: Readonly<Partial<Record<ModelQuirk, Change>>> = {
  'no-temperature': (body) => withoutField(body, 'temperature'),
  'no-tool-choice': (body) => withoutField(body, 'tool_choice'),
  'no-parallel-tool-calls': (body) => withoutField(body, 'parallel_tool_calls'),
  'no-response-format': (body) => withoutField(body, 'response_format'),
  'no-stop': (body) => withoutField(body, 'stop'),
  'no-seed': (body) => withoutField(body, 'seed'),
  'no-max-tokens': renamed('max_tokens', 'max_completion_tokens'),
  'no-max-completion-tokens': renamed('max_completion_tokens', 'max_tokens'),
  'no-system-role': withoutSystemRole,
  'only-streams': (body) => ({ ...body, stream: true, stream_options: { include_usage: true } }),
  'wants-reasoning': withReasoning,
};

/** The body of a request as a server with these quirks takes it. */
export function applyQuirks(body: Body, quirks: ReadonlySet<ModelQuirk>): Body {
  const changed = [...quirks].reduce((before, quirk) => CHANGES[quirk]?.(before) ?? before, body);
  // Each is sent as the other where a server knows only one; one that knows neither is sent neither.
  const knowsNoLimit = quirks.has('no-max-tokens') && quirks.has('no-max-completion-tokens');
  return knowsNoLimit ? withoutField(withoutField(changed, 'max_tokens'), 'max_completion_tokens') : changed;
}

function renamed(from: string, to: string): Change {
  return ({ [from]: value, ...rest }) => (value === undefined ? rest : { [to]: value, ...rest });
}
