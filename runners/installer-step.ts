/** What pip or uv does at the moment. */
export interface InstallerStep {
  /** Such as `downloading numpy (16 MB)`. */
  readonly words: string;
  /** Of a download, where the installer names it. */
  readonly sizeBytes?: number;
}

const BYTES: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** What a line of pip or uv says of its work; undefined for every other line. */
export function installerStep(line: string): InstallerStep | undefined {
  const [, verb = '', rest = ''] =
    /^\s*(Collecting|Downloading|Building|Installing|Resolved|Prepared)\b(.*)$/.exec(line) ?? [];
  switch (verb) {
    case 'Collecting':
    case 'Resolved':
      return { words: `finding packages${verb === 'Collecting' ? `: ${packageIn(rest)}` : ''}` };
    case 'Downloading':
      return downloadStep(rest);
    case 'Building':
      return { words: `building ${packageIn(rest.replace(/^ wheels? for (collected packages: )?/, ' '))}` };
    case 'Installing':
    case 'Prepared':
      return { words: 'unpacking the packages' };
    default:
      return undefined;
  }
}

/** ` numpy-2.1.3-cp312-….whl (16.0 MB)` of pip, ` numpy (15.3MiB)` of uv; pip reads a package’s metadata as a file, too. */
function downloadStep(rest: string): InstallerStep {
  const name = packageIn(rest);
  if (rest.includes('.metadata')) return { words: `finding packages: ${name}` };
  const [, amount, prefix = ''] = /\(([\d.]+) ?([kMG]i?)B\)/.exec(rest) ?? [];
  if (amount === undefined) return { words: `downloading ${name}` };
  const sizeBytes = Number(amount) * (BYTES[prefix] ?? 1);
  return { words: `downloading ${name} (${inMegabytes(sizeBytes)})`, sizeBytes };
}

function inMegabytes(bytes: number): string {
  return bytes < 1e6 ? '<1 MB' : `${Math.round(bytes / 1e6)} MB`;
}

/** The package’s name in front of a version, a file name’s or a URL’s included. */
function packageIn(rest: string): string {
  const word = rest.trim().split(/\s/)[0] ?? '';
  return (word.split('/').at(-1) ?? word)
    .replace(/[-=<>!~;[]=?=?\d.*$/, '')
    .replace(/[=<>!~;[].*$/, '')
    .slice(0, 60);
}
