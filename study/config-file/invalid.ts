import { AgentHpoError } from '../errors.ts';

/** A config file that cannot be read or edited: what is wrong, and the one thing to do. */
export function configInvalid(message: string, hint: string, cause?: unknown): AgentHpoError {
  return new AgentHpoError({ code: 'config-invalid', message, hint, cause });
}

/** A text that does not follow the syntax its file name promises; `reason` says where. */
export function configUnreadable(file: string, format: string, reason: string, cause?: unknown): AgentHpoError {
  return configInvalid(
    `${file} is not readable as ${format}: ${reason}`,
    `Correct that place; a config is one ${format} document with each key once.`,
    cause,
  );
}
