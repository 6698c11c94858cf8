const TRACING_SWITCHES = ['LANGSMITH_TRACING', 'LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING', 'LANGCHAIN_TRACING_V2'];

/**
 * The environment with LangChain’s tracing off. A `LANGSMITH_TRACING=true` in the user’s shell would send every prompt
 * to a third party, even without a key; to be applied to the process before the first model call.
 */
export function withoutTracing<Environment extends Readonly<Record<string, string | undefined>>>(
  environment: Environment,
): Environment & Record<string, string> {
  return { ...environment, ...Object.fromEntries(TRACING_SWITCHES.map((name) => [name, 'false'])) };
}
