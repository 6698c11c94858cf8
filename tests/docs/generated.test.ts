import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

test('the generated docs say what the code says (npm run docs)', () => {
  const script = fileURLToPath(new URL('../../scripts/generate-docs.mjs', import.meta.url));
  execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
});
