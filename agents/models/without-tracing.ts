const OFF: Readonly<Record<string, string>> = {
  // Every prompt to a third party, even without a key.
  LANGSMITH_TRACING: 'false',
  LANGSMITH_TRACING_V2: 'false',
  LANGCHAIN_TRACING: 'false',
  LANGCHAIN_TRACING_V2: 'false',
  // Every prompt to stdout.
  LANGCHAIN_VERBOSE: 'false',
  // Every request to stdout, with its headers: the key.
  OPENAI_LOG: 'off',
  ANTHROPIC_LOG: 'off',
  GROQ_LOG: 'off',
  DEBUG: '',
};

/**
 * The environment with everything off by which the libraries of the models would tell others of prompts or keys, or print
 * them, because of a variable in the user’s shell; to be applied to the process before the first model call.
 */
export function withoutTracing<Environment extends Readonly<Record<string, string | undefined>>>(
  environment: Environment,
) {
  return { ...environment, ...OFF };
}
