import type { Failure } from './trial.ts';

/** Frames that tell one failure from another; more would make the signature depend on where the tail was cut. */
const FRAMES = 3;

/**
 * Equal for two failures exactly when they are the same one as far as anybody can tell: the same cause, the same
 * message and the same innermost frames, whatever the numbers, paths and addresses in them.
 */
export function failureSignature({ cause, message, tail }: Failure): string {
  return [cause, normalised(message), ...framesOf(tail).slice(-FRAMES)].join('\n');
}

function framesOf(tail: string): string[] {
  const frames = tail.matchAll(/^ {2}File "(?:.*[\\/])?([^"\\/]+)", line (\d+)(?:, in (.+))?$/gm);
  return [...frames].map(([, file, line, place]) => `${file}:${line} ${place ?? ''}`.trimEnd());
}

function normalised(text: string): string {
  return text
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '#')
    .replaceAll(/(?:\b[A-Za-z]:)?(?:[\\/][\w.@+-]+){2,}/g, '<path>')
    .replaceAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi, '#')
    .replaceAll(/\b(?:nan|inf)\b/gi, '#');
}
