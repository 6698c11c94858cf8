import { isProviderName } from '../study/environment-names.ts';

/** What a training gets of the surrounding environment unasked: what programs, libraries and GPUs need to work at all. */
const ALLOWED = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TMPDIR|TZ)$/,
  /^(https?_proxy|no_proxy|all_proxy)$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
  /^(CUDA_\w+|NVIDIA_\w+|HIP_\w+|ROCR_\w+|OMP_\w+|MKL_\w+|OPENBLAS_\w+)$/,
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_PREFIX|HF_HOME|AGENTHPO_DATA)$/,
];

/** A withheld name that a failed training may have missed: credentials, and where data and caches lie. */
const RELEVANT =
  /(_|^)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?|DATA|DATASETS?|DATA_?DIR|DATA_?ROOT|CACHE)$|^(PYTHON|HF_|HUGGINGFACE_|TRANSFORMERS_|TORCH_|TF_|XLA_|JAX_|NCCL_|WANDB_|MLFLOW_|KAGGLE_|AWS_)/i;

export interface ChildEnvironment {
  /** The training’s whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names that were set, were not passed on, and could explain a failure; sorted. */
  readonly withheld: readonly string[];
}

/**
 * The environment of a training: the allow-list, the names that the task asks to `pass`, then `extra` (which wins).
 * A model provider’s variables never get through `parent`, even when `pass` names them. Python’s output is unbuffered,
 * so that its lines can be followed while it trains.
 */
export function childEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  pass: readonly string[],
  extra: Readonly<Record<string, string>>,
): ChildEnvironment {
  const passed = new Set(pass);
  const environment: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(parent)) {
    if (value === undefined) continue;
    if (!isProviderName(name) && (passed.has(name) || ALLOWED.some((pattern) => pattern.test(name))))
      environment[name] = value;
    else if (!(name in extra) && (isProviderName(name) || RELEVANT.test(name))) withheld.push(name);
  }
  return { environment: { ...environment, PYTHONUNBUFFERED: '1', ...extra }, withheld: withheld.sort() };
}
