/** A kept study of bench/tasks.mjs. */
export interface TaskResult {
  readonly task: string;
  readonly seed: number;
  readonly metric: string;
  readonly trivial: number | null;
  readonly default: number;
  readonly best: number;
  readonly bestTrial: number;
  readonly secondsATrial: number;
  readonly test?: {
    readonly metric: string;
    readonly direction: 'minimize' | 'maximize';
    readonly seeds: readonly { readonly seed: number; readonly best: number | null; readonly default: number | null }[];
  };
}
export function describeTasks(results: readonly TaskResult[]): string;
export function verdictOf(result: TaskResult): 'better' | 'open' | 'worse' | 'default' | 'untested';
