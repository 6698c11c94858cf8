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
 * Where a token may begin: after anything but a letter or a digit, and after what only looks like one because it is
 * written as an escape (`\n`, `\u001b`, `%3D`) or ends a terminal’s colour code (`ESC[32m`).
 */
const ESCAPES = [
  String.raw`\\[nrtbfv]`,
  String.raw`\\u[\dA-Fa-f]{4}`,
  String.raw`\\x[\dA-Fa-f]{2}`,
  '%[\\dA-Fa-f]{2}',
  String.raw`(?:\x1b|\\u001[bB]|\\x1[bB]|\\033)\[[\d;?]{0,16}[A-Za-z]`,
];
const START = `(?:(?<![A-Za-z0-9])|(?<=${ESCAPES.join('|')}))`;

/**
 * `pattern` as a search for all that has its shape, `i` for either case. Whoever writes an output writes what is searched,
 * so no pattern may take more than linear time: what must be followed by something has a greatest length, and only what
 * a match ends with has none.
 */
function shape(pattern: RegExp): RegExp {
  return new RegExp(`${START}${pattern.source}`, `g${pattern.flags}`);
}

/**
 * Tokens that their makers gave a shape of their own: kind, pattern, and what of a match stays. The more particular
 * comes first. A shape is here only if no number, hash, UUID, path or word of a training can have it.
 */
const SHAPES: readonly (readonly [kind: string, pattern: RegExp, kept?: string])[] = [
  [
    'private key',
    // Lines may be ended by a real line end, or by one written as \n in JSON; the end may have been cut off.
    /-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}-----END (?:[A-Z]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|(?:\\{1,8}[nr]|[\w+/=:,\s-]){0,20000})/g,
  ],
  ['Anthropic key', shape(/sk-ant-[\w-]{16,}/)],
  ['OpenRouter key', shape(/sk-or-[\w-]{16,}/)],
  ['OpenAI key', shape(/sk-(?:(?:proj|svcacct|admin|None)-[\w-]{16,}|[A-Za-z0-9]{20,})/)],
  ['Stripe key', shape(/[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/)],
  ['GitHub token', shape(/(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,})/)],
  ['GitLab token', shape(/glpat-[\w-]{20,}/)],
  ['Slack token', shape(/xox[a-z]-[A-Za-z0-9-]{10,}/)],
  ['AWS key', shape(/(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/)],
  ['Google key', shape(/AIza[\w-]{30,}/)],
  ['Google token', shape(/ya29\.[\w-]{20,}/)],
  ['Hugging Face token', shape(/hf_[A-Za-z0-9]{30,}/)],
  ['Groq key', shape(/gsk_[A-Za-z0-9]{30,}/)],
  ['npm token', shape(/npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/)],
  ['PyPI token', shape(/pypi-[\w-]{50,}/)],
  // The first part alone says what it is, whether the others follow or were cut off: `{"` in base64.
  ['JSON web token', shape(/eyJ[\w-]{16,}(?:\.[\w-]+){0,2}/)],
  ['bearer token', shape(/(bearer\s{1,8})(?=[\w.~+/-]{0,256}\d)[\w.~+/-]{16,}=*/i), '$1'],
  ['webhook', shape(/(https:\/\/hooks\.slack\.com\/\w{1,32}\/)[\w/-]+/), '$1'],
  ['webhook', shape(/(https:\/\/(?:\w{1,32}\.)?discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/), '$1'],
  ['webhook', shape(/(https:\/\/[\w-]{1,64}\.webhook\.office\.com\/)[\w/@-]+/), '$1'],
  // Sentry’s and its kin’s: the user’s name is the key.
  ['DSN key', shape(/(https?:\/\/)[0-9a-f]{32}(?=@)/), '$1'],
  // libpq’s, ODBC’s and ADO’s: words with a password among them.
  [
    'password',
    shape(
      /((?:host|server|data source|user(?: id)?|uid|dbname|database|port)\s{0,4}=\s{0,4}[^\s;]{1,128}[\s;]{1,8}(?:\w[\w ]{0,32}=[^\s;]{1,128}[\s;]{1,8}){0,12}(?:password|pwd)\s{0,4}=\s{0,4})[^\s;'"]+/i,
    ),
    '$1',
  ],
  ['password', /(:(?:\\{0,4}\/){2}[^\s/:@"'<>]{0,256}):(?!\/)[^\s/@"'<>]{1,512}(?=@)/g, '$1:'],
  [
    'secret',
    // A letter and a digit: names of variables, `null` and whole numbers stay.
    /((?:api[_-]?key|secret|passw(?:or)?d|access[_-]?token|auth[_-]?token)[\w-]{0,40}\\{0,8}["']?\s{0,8}[:=]\s{0,8}\\{0,8}["']?)(?=[^\s"'\\]{0,128}\d)(?=[^\s"'\\]{0,128}[A-Za-z])[\w+/=.~-]{12,}/gi,
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
 * keys joined with dots, `*` for each entry of a list (`messages.*.role`). Keys are texts too (a script names its
 * metrics); those of letters alone are names, which a protocol may need.
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
    Object.entries(data).map(([key, value]) => [
      /^[A-Za-z]*$/.test(key) ? key : redact(key),
      redactData(value, redact, kept, [...place, key]),
    ]),
  );
}
