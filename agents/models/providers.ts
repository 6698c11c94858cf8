/** A provider of language models, as `--model <provider>:<name>` names it. */
export interface Provider {
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  /**
   * `chat-completions`: OpenAI’s protocol, spoken by our own client. `azure`: the same under Azure’s addresses.
   * `package`: a LangChain package that the user installs.
   */
  readonly kind: 'chat-completions' | 'azure' | 'package';
  /** Where requests go unless the user says otherwise; undefined where every account has its own address. */
  readonly baseUrl?: string;
  readonly baseUrlVariable: string;
  /** Variables that may hold the key, the first that is set wins; none: the provider’s own way of signing in. */
  readonly keyVariables: readonly string[];
  /** What else belongs to the account, and comes from the same source as the key. */
  readonly accountVariables?: readonly string[];
  /** Runs on the user’s machine: needs no key and costs nothing. */
  readonly isLocal: boolean;
  readonly package?: ProviderPackage;
}

export interface ProviderPackage {
  readonly name: string;
  /** Versions whose peer range admits the @langchain/core that is pinned here; a test asks the registry. */
  readonly range: string;
  readonly className: string;
}

/** What a key alone stands for, and a base URL without a provider’s name. */
export const OPENAI = hosted('openai', 'OpenAI', 'https://api.openai.com/v1', ['OPENAI_API_KEY']);

/** Every provider that can be named. `offline` is none: it is embedded and needs nothing. */
export const PROVIDERS: readonly Provider[] = [
  OPENAI,
  {
    name: 'azure',
    title: 'Azure OpenAI',
    kind: 'azure',
    baseUrlVariable: 'AZURE_OPENAI_ENDPOINT',
    keyVariables: ['AZURE_OPENAI_API_KEY'],
    isLocal: false,
  },
  hosted('openrouter', 'OpenRouter', 'https://openrouter.ai/api/v1', ['OPENROUTER_API_KEY']),
  hosted('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1', ['DEEPSEEK_API_KEY']),
  hosted('together', 'Together AI', 'https://api.together.xyz/v1', ['TOGETHER_API_KEY']),
  hosted('fireworks', 'Fireworks AI', 'https://api.fireworks.ai/inference/v1', ['FIREWORKS_API_KEY']),
  hosted('xai', 'xAI', 'https://api.x.ai/v1', ['XAI_API_KEY']),
  hosted('cerebras', 'Cerebras', 'https://api.cerebras.ai/v1', ['CEREBRAS_API_KEY']),
  local('ollama', 'Ollama', 'http://localhost:11434/v1', []),
  local('vllm', 'vLLM', 'http://localhost:8000/v1', ['VLLM_API_KEY']),
  local('llamacpp', 'llama.cpp', 'http://localhost:8080/v1', []),
  local('lmstudio', 'LM Studio', 'http://localhost:1234/v1', []),
  packaged('anthropic', 'Anthropic', 'https://api.anthropic.com', ['ANTHROPIC_API_KEY'], {
    name: '@langchain/anthropic',
    range: '1.5.0 - 1.5.11',
    className: 'ChatAnthropic',
  }),
  packaged('google', 'Google', 'https://generativelanguage.googleapis.com', ['GOOGLE_API_KEY', 'GEMINI_API_KEY'], {
    name: '@langchain/google-genai',
    range: '2.3.0 - 2.3.2',
    className: 'ChatGoogleGenerativeAI',
  }),
  packaged('mistral', 'Mistral', 'https://api.mistral.ai', ['MISTRAL_API_KEY'], {
    name: '@langchain/mistralai',
    range: '1.1.0 - 1.2.0',
    className: 'ChatMistralAI',
  }),
  packaged('groq', 'Groq', 'https://api.groq.com', ['GROQ_API_KEY'], {
    name: '@langchain/groq',
    range: '1.2.0 - 1.3.1',
    className: 'ChatGroq',
  }),
  {
    ...packaged('bedrock', 'Amazon Bedrock', undefined, [], {
      name: '@langchain/aws',
      range: '1.4.4 - 1.4.5',
      className: 'ChatBedrockConverse',
    }),
    accountVariables: [
      'AWS_ACCESS_KEY_ID',
      'AWS_BEARER_TOKEN_BEDROCK',
      'AWS_PROFILE',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ],
  },
];

/** `ollama:qwen3:8b` is the model `qwen3:8b` of Ollama; undefined where no known provider, or no name, is given. */
export function parseModelName(model: string): { readonly provider: Provider; readonly name: string } | undefined {
  const [, prefix, name] = /^([^:]+):(.+)$/.exec(model) ?? [];
  const provider = PROVIDERS.find((each) => each.name === prefix);
  return provider === undefined || name === undefined ? undefined : { provider, name };
}

type Keys = readonly string[];

function hosted(name: string, title: string, baseUrl: string, keyVariables: Keys): Provider {
  return {
    name,
    title,
    kind: 'chat-completions',
    baseUrl,
    baseUrlVariable: baseUrlVariable(name),
    keyVariables,
    isLocal: false,
  };
}

function local(name: string, title: string, baseUrl: string, keyVariables: Keys): Provider {
  return { ...hosted(name, title, baseUrl, keyVariables), isLocal: true };
}

function packaged(
  name: string,
  title: string,
  baseUrl: string | undefined,
  keyVariables: Keys,
  from: ProviderPackage,
): Provider {
  return {
    name,
    title,
    kind: 'package',
    baseUrl,
    baseUrlVariable: baseUrlVariable(name),
    keyVariables,
    isLocal: false,
    package: from,
  };
}

function baseUrlVariable(name: string): string {
  return `${name.toUpperCase()}_BASE_URL`;
}
