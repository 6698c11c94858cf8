import type { Settings } from '../../configs/schema.ts';
import type { AgentHpoError } from '../../study/errors.ts';
import type { Context } from '../context.ts';

/** `warning`: tune works, but something is worth knowing. `problem`: tune would fail. `skipped`: not needed, or not asked for. */
export type CheckStatus = 'ok' | 'warning' | 'problem' | 'skipped';

/** What a check found, in a few words, and how to mend it where it is not right. Holds no secret. */
export interface Finding {
  readonly status: CheckStatus;
  readonly finding: string;
  readonly mend?: string;
}

/** One question about this machine. `look` may throw an AgentHpoError: that is a problem with its own cure. */
export interface Check {
  readonly name: string;
  readonly look: (signal: AbortSignal) => Finding | Promise<Finding>;
}

export interface CheckResult extends Finding {
  readonly name: string;
}

/** What the checks may know. */
export interface DoctorInput {
  readonly context: Context;
  /** The resolved settings; the defaults when `settingsError` says why there are none. */
  readonly settings: Settings;
  readonly settingsError?: AgentHpoError;
}
