/**
 * A tool call that its caller can mend: what was wrong and what would be accepted. It is the one error that reaches
 * the model as a tool result; every other error of a tool (a full disk, a broken runner) stops the study.
 */
export class ToolInputError extends Error {
  override readonly name = 'ToolInputError';
}
