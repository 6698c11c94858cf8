/** What pip, uv and the interpreters they start may see: paths, proxies, certificates, their own settings, compilers. */
const ALLOWED =
  /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|TZ|XDG_(CACHE|CONFIG|DATA)_HOME|(HTTPS?|ALL|NO|FTP)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC|PIP_.*|UV_.*|PYENV_.*|LD_LIBRARY_PATH|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|CUDA_.*)$/i;

/** Settings that would install somewhere else than asked, and what is for publishing only. */
const REFUSED = /^(PIP_(USER|TARGET|PREFIX|ROOT|DRY_RUN|PYTHON)|UV_(PUBLISH|PROJECT|SYSTEM|TARGET|PREFIX).*)$/;

/**
 * The environment for probing and installing: a package’s build code is somebody else’s, so that keys of model
 * providers and whatever else the tuner knows stay out. Waits for the network are bounded unless the user set them.
 */
export function installerEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  const allowed = Object.entries(own).filter(([name]) => ALLOWED.test(name) && !REFUSED.test(name));
  return {
    PIP_DEFAULT_TIMEOUT: '30',
    PIP_RETRIES: '2',
    UV_HTTP_TIMEOUT: '30',
    UV_HTTP_RETRIES: '2',
    ...Object.fromEntries(allowed),
    PIP_USER: '0',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_PROGRESS: '1',
  };
}
