/** Providers of language models and of their tracing: what carries their names pays for models, and trains nothing. */
const PROVIDERS =
  'OPENAI|AZURE_OPENAI|AZUREOPENAI|ANTHROPIC|CLAUDE|GOOGLE_API|GOOGLE_GENAI|GEMINI|MISTRAL|COHERE|GROQ|DEEPSEEK|OPENROUTER|TOGETHER|FIREWORKS|PERPLEXITY|XAI|CEREBRAS|LANGSMITH|LANGCHAIN|LANGFUSE';
const OF_PROVIDER = new RegExp(`^(${PROVIDERS})(_|$)`, 'i');

/** What decides which interpreter runs, and with which libraries. PYTHONHASHSEED only seeds it. */
const OF_INTERPRETER =
  /^(PATH|(LD|DYLD)_\w+|PYTHON(?!HASHSEED$)\w*|VIRTUAL_ENV|CONDA_\w+|BASH_ENV|SHELLOPTS|BASHOPTS|IFS)$/i;

/** Whether a variable belongs to a provider of language models; no training ever sees one. */
export function isProviderName(name: string): boolean {
  return OF_PROVIDER.test(name);
}

/** Why a task may not set this variable, as a clause about it; undefined when it may. */
export function refusalOf(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return 'is not the name of a variable (letters, digits and _, not first a digit)';
  if (OF_INTERPRETER.test(name)) return 'decides which Python runs, which agenthpo sees to (environment.python)';
  return isProviderName(name) ? 'belongs to a provider of language models, and no training sees those' : undefined;
}
