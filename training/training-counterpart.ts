const HELD_OUT = '(?:val|valid|validation|eval|evaluation|dev|test)';
const BEFORE = new RegExp(`^${HELD_OUT}([_/.-])(.+)$`);
const AFTER = new RegExp(`^(.+)([_/.-])${HELD_OUT}$`);
const SYNONYMS: Readonly<Record<string, string>> = { accuracy: 'acc', acc: 'accuracy' };

/** The metric that measures on the training data what `metric` measures on held-out data, if it is among `names`. */
export function trainingCounterpart(metric: string, names: ReadonlySet<string>): string | undefined {
  const [, separator = '_', rest] = BEFORE.exec(metric) ?? [];
  const [, first, link = '_'] = AFTER.exec(metric) ?? [];
  const bare = rest ?? first;
  if (bare === undefined) return undefined;
  const spellings = [bare, ...(SYNONYMS[bare] === undefined ? [] : [SYNONYMS[bare]])];
  return spellings.flatMap((name) => candidatesFor(name, separator, link)).find((name) => names.has(name));
}

function candidatesFor(name: string, separator: string, link: string): string[] {
  const marked = ['train', 'training'].flatMap((word) => [`${word}${separator}${name}`, `${name}${link}${word}`]);
  return [...marked, ...marked.map((each) => `${each}_epoch`), name]; // Lightning adds _epoch to what it averages
}
