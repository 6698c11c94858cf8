import { describe, expect, test } from 'vitest';
import { createRedactor, redactData, secretsIn } from '../../study/redact.ts';
import { redactEvent } from '../../study/redact-event.ts';

const redact = createRedactor([]);
const letters = (count: number) => 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d'.repeat(3).slice(0, count);
/** Put together here, so that no scanner takes this file for a leak. */
const key = (prefix: string, count: number) => `${prefix}${letters(count)}`;

test.each([
  ['OpenAI key', key('sk-', 48)],
  ['OpenAI key', key('sk-proj-', 60)],
  ['Anthropic key', key('sk-ant-api03-', 60)],
  ['OpenRouter key', key('sk-or-v1-', 64)],
  ['Stripe key', key('sk_live_', 24)],
  ['GitHub token', key('ghp_', 36)],
  ['GitHub token', key('github_pat_', 60)],
  ['GitLab token', key('glpat-', 20)],
  ['Slack token', key('xoxb-', 40)],
  ['AWS key', 'AKIAIOSFODNN7EXAMPLE'],
  ['Google key', key('AIza', 35)],
  ['Hugging Face token', key('hf_', 34)],
  ['JSON web token', `eyJ${letters(20)}.eyJ${letters(30)}.${letters(30)}`],
])('a %s is replaced, and nothing beside it', (kind, secret) => {
  for (const [before, after] of [
    ['using ', ' now'],
    ['"', '"'],
    ["key='", "'"],
    ['\\"', '\\"'],
    ['(', ').'],
  ])
    expect(redact(`${before}${secret}${after}`)).toBe(`${before}[redacted: ${kind}]${after}`);
});

test.each([
  ['Authorization: Bearer abcdef0123456789abcdef', 'Authorization: Bearer [redacted: bearer token]'],
  ['https://me:hunter2@example.org/x', 'https://me:[redacted: password]@example.org/x'],
  ['postgres://user:p4ss@db:5432/trials', 'postgres://user:[redacted: password]@db:5432/trials'],
  ['wandb_api_key: 0123456789abcdef0123456789abcdef01234567', 'wandb_api_key: [redacted: secret]'],
  ['https://hooks.slack.com/services/T000/B000/abcDEF0123', 'https://hooks.slack.com/services/[redacted: webhook]'],
  ['https://discord.com/api/webhooks/123/aB_c-D', 'https://discord.com/api/webhooks/[redacted: webhook]'],
  [
    'https://example.webhook.office.com/webhookb2/0a1b@2c/IncomingWebhook/3d',
    'https://example.webhook.office.com/[redacted: webhook]',
  ],
  [
    `https://${'0123456789abcdef'.repeat(2)}@o1.ingest.sentry.io/2`,
    'https://[redacted: DSN key]@o1.ingest.sentry.io/2',
  ],
  ['host=db user=me password=hunter2 dbname=runs', 'host=db user=me password=[redacted: password] dbname=runs'],
  ['Server=db;User Id=me;Password=hunter2;', 'Server=db;User Id=me;Password=[redacted: password];'],
  ['"client_secret": "Zm9vYmFyYmF6MTIz"', '"client_secret": "[redacted: secret]"'],
  ['{\\"password\\":\\"correct-horse-9\\"}', '{\\"password\\":\\"[redacted: secret]\\"}'],
  ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AWS_SECRET_ACCESS_KEY=[redacted: secret]'],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test('a private key is replaced whole, with real line ends, with written ones, and cut off', () => {
  const begin = '-----BEGIN RSA PRIVATE KEY-----';
  const end = '-----END RSA PRIVATE KEY-----';
  const line = letters(64);
  expect(redact(`a\n${begin}\n${line}\n${line}\n${end}\nb`)).toBe('a\n[redacted: private key]\nb');
  expect(redact(`a ${begin}\\n${line}\\n${end} b`)).toBe('a [redacted: private key] b');
  expect(redact(`a ${begin}\n${line}\n${line.slice(9)}`)).not.toContain(line.slice(0, 20));
});

test.each([
  '0123456789abcdef0123456789abcdef01234567',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '5b0c6c2e-0000-4000-8000-000000000000',
  'learning_rate=0.00030000000000000003, weight_decay: 1e-4',
  '/home/me/sk-learn-experiments-with-selective-kernels/train.py',
  'skresnet18, sk-resnet-18-with-selective-kernel-attention',
  'hf_hub_download_with_progress_and_retries_everywhere',
  'max_tokens: 60000, tokenizer: bert-base-uncased, num_secret_tokens: 12',
  'api_key = os.environ["WANDB_API_KEY"]',
  'password: null',
  'http://localhost:11434/v1 and http://127.0.0.1:8080/a@b',
  'git@github.com:optuna/optuna.git',
  '2026-11-21T09-30-12-quiet-heron',
  'the bearer of bad news internationally',
  '-----BEGIN CERTIFICATE----- MIIB',
  'key: model.layers',
])('what is no secret stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});

describe('known values', () => {
  test('are those of variables with a name that says so, long enough to be no word', () => {
    const values = {
      OPENAI_API_KEY: 'my-own-gateway-key',
      WANDB_KEY: 'abcdefgh12',
      DB_PASSWORD: 'correct horse',
      MYSQL_PWD: 'hunter2hunter2',
      NPM_AUTH: 'bWU6aHVudGVyMg',
      SLACK_WEBHOOK_URL: 'https://example.org/hook/1',
      SENTRY_DSN: 'https://a@example.org/1',
      SSH_AUTH_SOCK: '/run/user/1000/agent',
      SHORT_TOKEN: 'true',
      PATH: '/usr/bin:/bin',
      PWD: '/home/me/project',
      XKB_KEYMAP: 'us-international',
      TOKENIZERS_PARALLELISM: 'disabled',
    };
    expect(secretsIn([values]).map(({ name }) => name)).toEqual([
      'OPENAI_API_KEY',
      'WANDB_KEY',
      'DB_PASSWORD',
      'MYSQL_PWD',
      'NPM_AUTH',
      'SLACK_WEBHOOK_URL',
      'SENTRY_DSN',
    ]);
  });

  test('are replaced wherever they stand, the longest first', () => {
    const known = [
      { name: 'A_KEY', value: 'abcdefgh' },
      { name: 'B_KEY', value: 'abcdefghijkl' },
    ];
    expect(createRedactor(known)('x=abcdefghijkl;y=abcdefgh')).toBe('x=[redacted: B_KEY];y=[redacted: A_KEY]');
  });
});

test('a known value is found in JSON too, where its quotes, backslashes and line ends are escaped', () => {
  const value = 'one"two\\three\nfour';
  const known = createRedactor([{ name: 'ODD_SECRET', value }]);
  expect(known(`a ${JSON.stringify({ text: value })} b ${value}`)).toBe(
    'a {"text":"[redacted: ODD_SECRET]"} b [redacted: ODD_SECRET]',
  );
});

test('data keeps its shape, its numbers and what is kept by its place', () => {
  const data = { role: 'user', content: [{ text: 'a secret-value b' }, 1, null, true] };
  const known = createRedactor([{ name: 'X_KEY', value: 'secret-value' }]);
  expect(redactData(data, known)).toEqual({
    role: 'user',
    content: [{ text: 'a [redacted: X_KEY] b' }, 1, null, true],
  });
  const named = { list: [{ name: 'secret-value' }], name: 'secret-value' };
  expect(redactData(named, known, new Set(['list.*.name']))).toEqual({ ...named, name: '[redacted: X_KEY]' });
});

test('a key of data is redacted as any text is, unless it is of letters alone', () => {
  const known = createRedactor([
    { name: 'X_KEY', value: 'secret-value' },
    { name: 'Y_KEY', value: 'messages' },
  ]);
  expect(redactData({ 'secret-value': { loss_2: 1 }, messages: [] }, known)).toEqual({
    '[redacted: X_KEY]': { loss_2: 1 },
    messages: [],
  });
});

/** Every kind of key at the start of a line, of a column, of a coloured word and of a part of an address. */
const SHAPED = [
  key('sk-proj-', 60),
  key('sk-ant-api03-', 60),
  key('ghp_', 36),
  key('hf_', 34),
  key('xoxb-', 40),
  'AKIAIOSFODNN7EXAMPLE',
  key('AIza', 35),
  `eyJ${letters(30)}.eyJ${letters(30)}`,
  `eyJ${letters(30)}`,
];

test.each([
  ['itself', (text: string) => text],
  ['JSON', (text: string) => JSON.stringify(text)],
  ['JSON in JSON', (text: string) => JSON.stringify({ content: JSON.stringify(text) })],
])('a key is found at the start of a line, a column and a coloured word in a text written as %s', (_, write) => {
  for (const before of [
    '\n',
    '\r\n',
    '\t',
    '\f',
    '\u001B[32m',
    '\u001B[0;1m',
    '\u0001',
    '=',
    '%3D',
    '\\u003d',
    '\\x3d',
  ])
    for (const secret of SHAPED) {
      const shown = redact(write(`a${before}${secret}\nb`));
      expect(shown, JSON.stringify(before + secret)).not.toContain(secret.slice(-16));
      expect(shown).toContain('[redacted: ');
    }
});

/** What patterns begin with, repeat and end in; a text of one of them, or two in turn, is the worst for some pattern. */
const PIECES = [
  ...SHAPED.map((each) => each.slice(0, 4)),
  ...['sk-', 'sk-or-', 'rk_live_', 'github_pat_', 'glpat-', 'ya29.', 'gsk_', 'npm_', 'pypi-', 'eyJaaaaaaaa', 'bearer '],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    'A ',
    'https://',
    'https://hooks.slack.com/',
    'discord',
    'a:',
    '://',
  ],
  ...['host', 'host=', 'host=a ', 'password=', 'secret-', 'secret', 'secret=', 'api_key', 'a=b ', 'a-', 'a', '1', '%'],
  ...['.', '=', '@', ':', ';', ' ', '"', '/', '-', '_', '\\', '\\n', '\n', '\t', '\u001B[', '\u001B[1;'],
];

const filled = (piece: string, count: number) => piece.repeat(count / piece.length);

// With one pattern that looks back or ahead without a bound, these end after minutes, or never.
test.each(['secret-', 'a-', 'host=', 'eyJaaaaaaaa-'])('a million characters of %j are read to their end', (piece) => {
  expect(redact(filled(piece, 1_000_000)).length).toBeGreaterThan(0);
});

test('no text takes endless time, whatever patterns begin with, repeat and end in', () => {
  for (const piece of PIECES) expect(redact(filled(piece, 100_000)).length).toBeGreaterThan(0);
  for (const one of PIECES)
    for (const other of PIECES) expect(redact(filled(one + other, 1_500)).length).toBeGreaterThan(0);
});

test('an event loses the secrets that were said, and keeps its values', () => {
  const secret = key('hf_', 34);
  const failure = { cause: 'crash', message: `403 for ${secret}`, tail: `Traceback …\n${secret}` } as const;
  const hyperparameters = { checkpoint: secret };
  const failed = {
    event: 'trial-finished',
    trial: 1,
    state: 'failed',
    metrics: {},
    brokenConstraints: [],
    failure,
  } as const;
  expect(JSON.stringify(redactEvent({ ...failed, brokenConstraints: [] }, redact))).not.toContain(secret);
  const proposed = { origin: 'creator', hyperparameters, rationale: secret, reasons: { checkpoint: secret } } as const;
  expect(redactEvent({ event: 'trial-proposed', trial: 2, proposal: proposed }, redact)).toMatchObject({
    proposal: { hyperparameters, rationale: '[redacted: Hugging Face token]' },
  });
});
