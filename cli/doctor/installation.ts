import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PACKAGE_ROOT, VERSION } from '../version.ts';
import type { Check, Finding } from './check.ts';

const manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+$/) }) });

export function nodeCheck(): Check {
  return { name: 'Node', look: () => judgeNode(process.versions.node, neededNode()) };
}

export function installationCheck(): Check {
  return {
    name: 'agenthpo',
    look: () => ({ status: 'ok', finding: `${VERSION} in ${fileURLToPath(PACKAGE_ROOT)}` }),
  };
}

/** `needed`: `20.20`. */
export function judgeNode(version: string, needed: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return { status: 'ok', finding: version };
  return {
    status: 'problem',
    finding: `${version} is too old: ${needed} or newer is needed`,
    mend: `Install Node ${neededMajor} or newer from https://nodejs.org, or with: nvm install ${neededMajor}`,
  };
}

/** The version behind `>=` in package.json’s engines. */
function neededNode(): string {
  const file = new URL('package.json', PACKAGE_ROOT);
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).engines.node.replace('>=', '');
}
