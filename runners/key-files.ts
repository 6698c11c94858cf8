/** Files and folders that hold a person’s keys by their programs’ conventions, wherever they lie. */
const KEY_FILE =
  /^(\.env(\..+)?|\.envrc|\.netrc|_netrc|\.npmrc|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|\.(aws|azure|gnupg|kaggle|kube|ssh)|kaggle\.json|id_(rsa|dsa|ecdsa|ed25519))$/i;

/** Whether a file or folder of this name holds keys: no training gets a copy, whose output a model might read. */
export function isKeyFile(name: string): boolean {
  return KEY_FILE.test(name);
}
