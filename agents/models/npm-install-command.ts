import { dirname, sep } from 'node:path';
import type { ProviderPackage } from './providers.ts';

/**
 * The command that installs a provider’s package where it is found: beside a global installation of ours, else in the
 * working directory. `ownFolder` is where our code lies, `nodeProgram` the path of Node.
 */
export function npmInstallCommand(
  { name, range }: Pick<ProviderPackage, 'name' | 'range'>,
  ownFolder: string,
  nodeProgram: string,
): string {
  const wanted = `"${name}@${range}"`;
  const prefix = globalPrefix(ownFolder);
  if (prefix === undefined) return `npm install ${wanted}`;
  const isUsual = prefix === dirname(dirname(nodeProgram));
  return `npm install --global ${isUsual ? '' : `--prefix ${shellWord(prefix)} `}${wanted}`;
}

/** What `npm install --global` calls the prefix: `/usr/local` of `/usr/local/lib/node_modules/agenthpo/dist`. */
function globalPrefix(ownFolder: string): string | undefined {
  const end = ownFolder.indexOf(`${sep}lib${sep}node_modules${sep}agenthpo${sep}`);
  return end === -1 ? undefined : ownFolder.slice(0, end) || sep;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
