/** A text without the secrets in it; each is replaced by its kind in brackets. */
export type Redact = (text: string) => string;

/** A value that must not leave, and what to call it. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Shorter values (`true`, a port) would take ordinary words out of every text. */
const LEAST_SECRET_CHARACTERS = 8;

const SECRET_NAME =
  /(^|_)(api_?keys?|keys?|tokens?|secrets?|passw(or)?d|passphrase|credentials?|pat|dsn|webhooks?)(_|$)|_(auth|pwd)$|apikey|secret|password|token$/i;

/** What the variables’ names say to be secret. */
export function secretsIn(sources: readonly Readonly<Record<string, string | undefined>>[]): Secret[] {
  return sources
    .flatMap((values) => Object.entries(values))
    .flatMap(([name, value = '']) =>
      SECRET_NAME.test(name) && value.trim().length >= LEAST_SECRET_CHARACTERS ? [{ name, value: value.trim() }] : [],
    );
}

/**
 * Tokens that their makers gave a shape of their own: kind, pattern, and what of a match stays. The more particular
 * comes first. A shape is here only if no number, hash, UUID, path or word of a training can have it.
 */
const SHAPES: readonly (readonly [kind: string, pattern: RegExp, kept?: string])[] = [
  [
    'private key',
    // Lines may be ended by a real line end, or by one written as \n in JSON; the end may have been cut off.
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]*-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|(?:\\+[nr]|[\w+/=:,\s-])*)/g,
  ],
  ['Anthropic key', /\bsk-ant-[\w-]{16,}/g],
  ['OpenRouter key', /\bsk-or-[\w-]{16,}/g],
  ['OpenAI key', /\bsk-(?:(?:proj|svcacct|admin|None)-[\w-]{16,}|[A-Za-z0-9]{20,})/g],
  ['Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,})/g],
  ['GitLab token', /\bglpat-[\w-]{20,}/g],
  ['Slack token', /\bxox[a-z]-[A-Za-z0-9-]{10,}/g],
  ['AWS key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['Google key', /\bAIza[\w-]{30,}/g],
  ['Google token', /\bya29\.[\w-]{20,}/g],
  ['Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/g],
  ['Groq key', /\bgsk_[A-Za-z0-9]{30,}/g],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['PyPI token', /\bpypi-[\w-]{50,}/g],
  ['JSON web token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g],
  ['bearer token', /\b(bearer\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*/gi, '$1'],
  ['webhook', /\b(https:\/\/hooks\.slack\.com\/\w+\/)[\w/-]+/g, '$1'],
  ['webhook', /\b(https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g, '$1'],
  ['webhook', /\b(https:\/\/[\w-]+\.webhook\.office\.com\/)[\w/@-]+/g, '$1'],
  // Sentry’s and its kin’s: the user’s name is the key.
  ['DSN key', /\b(https?:\/\/)[0-9a-f]{32}(?=@)/g, '$1'],
  // libpq’s, ODBC’s and ADO’s: words with a password among them. Bounded, so that no text can take long.
  [
    'password',
    /\b((?:host|server|data source|user(?: id)?|uid|dbname|database|port)\s*=\s*[^\s;]+[\s;]+(?:\w[\w ]*=[^\s;]+[\s;]+){0,12}(?:password|pwd)\s*=\s*)[^\s;'"]+/gi,
    '$1',
  ],
  ['password', /\b([a-z][a-z\d+.-]*:\/\/[^\s/:@"'<>]*):(?!\/)[^\s/@"'<>]+(?=@)/gi, '$1:'],
  [
    'secret',
    // A letter and a digit: names of variables, `null` and whole numbers stay.
    /\b([\w-]*(?:api[_-]?key|secret|passw(?:or)?d|access[_-]?token|auth[_-]?token)[\w-]*\\*["']?\s*[:=]\s*\\*["']?)(?=[^\s"'\\]*\d)(?=[^\s"'\\]*[A-Za-z])[\w+/=.~-]{12,}/gi,
    '$1',
  ],
];

/** A redactor of these values, wherever they stand, and of everything that has the shape of a well-known token. */
export function createRedactor(known: readonly Secret[]): Redact {
  // The longest first: one may be part of another.
  const values = known.flatMap(asWritten).toSorted((a, b) => b.value.length - a.value.length);
  return (text) => {
    const withoutKnown = values.reduce((rest, { name, value }) => rest.replaceAll(value, `[redacted: ${name}]`), text);
    return SHAPES.reduce(
      (rest, [kind, pattern, kept = '']) => rest.replace(pattern, `${kept}[redacted: ${kind}]`),
      withoutKnown,
    );
  };
}

/** A secret as itself, and as it stands in a text that holds JSON (a tool’s result), where quotes and line ends are escaped. */
function asWritten({ name, value }: Secret): Secret[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return escaped === value ? [{ name, value }] : [value, escaped].map((each) => ({ name, value: each }));
}

/**
 * A copy of plain data (of JSON’s kinds) in which every text is redacted, but for those at the places that are `kept`:
 * keys joined with dots, `*` for each entry of a list (`messages.*.role`).
 */
export function redactData(
  data: unknown,
  redact: Redact,
  kept: ReadonlySet<string> = new Set(),
  place: readonly string[] = [],
): unknown {
  if (kept.has(place.join('.'))) return data;
  if (typeof data === 'string') return redact(data);
  if (Array.isArray(data)) return data.map((each) => redactData(each, redact, kept, [...place, '*']));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, redactData(value, redact, kept, [...place, key])]),
  );
}
