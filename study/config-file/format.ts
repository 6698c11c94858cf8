import type { HyperparameterValue } from '../hyperparameter.ts';

/** Values by dotted key: `optimizer.lr`, `layers.0.units`. */
export type ConfigChanges = Readonly<Record<string, HyperparameterValue>>;

export interface EditOptions {
  /** Keys whose whole numbers are written as floats (`1.0`): scikit-learn’s `max_features` means other things by 1 and 1.0. */
  readonly floatKeys?: ReadonlySet<string>;
  /** Add a key that is missing at the top level instead of refusing it. */
  readonly addMissing?: boolean;
}

/** A config file’s text, read once. */
export interface ConfigDocument {
  /** An empty document has none. */
  readonly values: Record<string, unknown>;
  /** The text with the values of these keys replaced in place, everything else as it was. The caller checks the result. */
  edit(changes: ConfigChanges, options: EditOptions): string;
}

/** A syntax config files are written in. A problem with the text is thrown as an AgentHpoError `config-invalid`. */
export interface ConfigFormat {
  read(text: string, file: string): ConfigDocument;
}
