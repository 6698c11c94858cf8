import type { HyperparameterValue } from '../hyperparameter.ts';

/** Values by dotted key: `optimizer.lr`, `layers.0.units`. */
export type ConfigChanges = Readonly<Record<string, HyperparameterValue>>;

export interface EditOptions {
  /** Keys whose whole numbers are written as floats (`1.0`): scikit-learn’s `max_features` means other things by 1 and 1.0. */
  readonly floatKeys?: ReadonlySet<string>;
}

/** A value, list or mapping of a config file, with the place of its characters. */
export interface ConfigNode {
  /** Its characters, `[start, end)`; undefined where a single value cannot be put in their place (a list, a mapping). */
  readonly span?: readonly [start: number, end: number];
  /** Items by index or values by key, in the order of the file; empty for a single value. */
  readonly children: ReadonlyMap<string, ConfigNode>;
  /** Where further children come from, which other places share: `the anchor &base`. */
  readonly inherits?: string;
}

/** A config file’s text, read once. */
export interface ConfigDocument {
  readonly root: ConfigNode;
  /** An empty document has none. */
  readonly values: Record<string, unknown>;
}

/** What new text has to fit in with. */
export interface Replacement {
  readonly value: HyperparameterValue;
  /** The whole old text, of which `[start, end)` is replaced. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A float is to stay one: 1 is written as 1.0. */
  readonly asFloat: boolean;
}

/** A syntax config files are written in. */
export interface ConfigFormat {
  /** What people call it. */
  readonly name: string;
  /** Throws `config-invalid` for a text that is not in this syntax, with the line and what to do. */
  read(text: string, file: string): ConfigDocument;
  /** The new text of a value; undefined when the syntax has none for it (null in TOML, NaN in JSON). */
  write(replacement: Replacement): string | undefined;
}

export const NO_CHILDREN: ReadonlyMap<string, ConfigNode> = new Map();
