/** Names of metrics that one answer holds at most. A script may record thousands; a colleague reads a few. */
const MOST_NAMES = 20;
/** Of these the last ones: what is measured beside the script (time, memory) stands at the end. */
const LAST_NAMES = 4;
/** A longer name is no name of a metric, whatever it says. */
const LONGEST_NAME = 80;

export interface BoundedNames {
  readonly names: readonly string[];
  /** So many others were left out. */
  readonly leftOut: number;
}

/** A bounded choice of names in their order: `first` whatever comes, then those at the beginning and at the end. */
export function boundedNames(all: readonly string[], first: readonly string[] = []): BoundedNames {
  const wanted = all.filter((name) => first.includes(name));
  const others = all.filter((name) => !first.includes(name) && name.length <= LONGEST_NAME);
  const room = Math.max(0, MOST_NAMES - wanted.length);
  const last = Math.min(LAST_NAMES, room);
  const chosen =
    others.length <= room ? others : [...others.slice(0, room - last), ...others.slice(others.length - last)];
  const kept = new Set([...wanted, ...chosen]);
  return { names: all.filter((name) => kept.has(name)), leftOut: all.length - kept.size };
}
