/** What the surroundings of the process say. The one place that reads `process.env`. */
export interface Environment {
  /** SENTIGON_CONFIG: the configuration file when `--config` is not given. */
  readonly configFile: string | undefined;
  /** SENTIGON_DATASETS: folder of public data sets. */
  readonly datasets: string | undefined;
  /** CREDENTIALS_DIRECTORY, set by systemd's LoadCredential= and ImportCredential=: looked at first for secrets. */
  readonly credentials: string | undefined;
  /** Where ImportCredential= takes them from. */
  readonly credentialStores: readonly string[];
  /** STATE_DIRECTORY, set by systemd's StateDirectory=. */
  readonly stateDirectory: string | undefined;
  /** PATH: where programs are. */
  readonly searchPath: string;
  /** JOURNAL_STREAM is set: standard output goes to journald. */
  readonly journald: boolean;
  /** NOTIFY_SOCKET is set: systemd waits for READY=1. */
  readonly notified: boolean;
  /** WATCHDOG_USEC in milliseconds: systemd restarts a daemon that is silent for longer. */
  readonly watchdogMs: number | undefined;
}

/** systemd.exec(5); an encrypted one is not for us to open, but it counts as there. */
const CREDENTIAL_STORES = ['/etc/credstore', '/run/credstore', '/etc/credstore.encrypted'];

export function readEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const watchdogUs = Number(env['WATCHDOG_USEC']);
  return {
    configFile: nonEmpty(env['SENTIGON_CONFIG']),
    datasets: nonEmpty(env['SENTIGON_DATASETS']),
    credentials: nonEmpty(env['CREDENTIALS_DIRECTORY']),
    credentialStores: CREDENTIAL_STORES,
    // systemd separates several folders with colons; the first is ours
    stateDirectory: nonEmpty(env['STATE_DIRECTORY']?.split(':')[0]),
    searchPath: env['PATH'] ?? '',
    journald: nonEmpty(env['JOURNAL_STREAM']) !== undefined,
    notified: nonEmpty(env['NOTIFY_SOCKET']) !== undefined,
    watchdogMs: watchdogUs > 0 ? watchdogUs / 1000 : undefined,
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
