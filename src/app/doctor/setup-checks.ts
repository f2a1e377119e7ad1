// What the doctor checks of this installation: configuration, plug-ins, broker, service, and writes to the card.
import { ConfigError, KnownError } from '../../core/errors.ts';
import { type BrokerOptions, shownUrl } from '../../io/mqtt/options.ts';
import type { LoadedPlugin } from '../plugins/kinds.ts';
import type { UnitProperties } from '../service/system-programs.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** `read` rejects with `ConfigError`, a line per fault. */
export async function checkConfiguration(
  file: string | undefined,
  read: (file: string) => Promise<unknown>,
): Promise<Finding[]> {
  if (file === undefined) {
    const found = 'none: the daemon would watch this machine';
    return [warn('configuration', found, 'sentigon init')];
  }
  try {
    await read(file);
    return [ok('configuration', `${file} is fine`)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mend = `edit ${file}, then sentigon config check ${file}`;
    return error.message.split('\n').map((fault) => fail('configuration', fault, mend));
  }
}

/** The plug-ins that can be used; the check of the configuration reports the others. */
export function checkPlugins(plugins: readonly LoadedPlugin[]): Finding[] {
  return plugins.map(({ named, name, brings }) =>
    ok('plug-in', `${name} (${named}) brings ${brings.join(', ') || 'nothing'}`),
  );
}

/** `connect` rejects with a `KnownError` that says what to do. */
export async function checkBroker(
  broker: BrokerOptions | undefined,
  connect: (broker: BrokerOptions) => Promise<void>,
): Promise<Finding> {
  if (!broker) {
    return warn(
      'broker',
      'none is configured: the daemon uses a broker on this machine, or its embedded broker, which only this machine can reach',
      'sudo apt install mosquitto, then set broker.url in the configuration',
    );
  }
  try {
    await connect(broker);
    const encrypted = /^(mqtts|wss):/.test(broker.url);
    return ok(
      'broker',
      `${shownUrl(broker)} accepts the connection${encrypted ? ', encrypted' : ''}`,
    );
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    // our messages are "what was found: what to do"
    const at = error.message.indexOf(': ');
    const [found, mend] =
      at < 0
        ? [error.message, 'check broker.url']
        : [error.message.slice(0, at), error.message.slice(at + 2)];
    return fail('broker', found, mend);
  }
}

export function checkUnit(unit: string, properties: UnitProperties | undefined): Finding {
  if (!properties) return ok('service', 'no systemd here');
  const { LoadState, ActiveState, SubState, Result, NRestarts = '0', UnitFileState } = properties;
  if (LoadState !== 'loaded') {
    return warn('service', `${unit} is not installed`, 'sudo sentigon service install');
  }
  const logs = `journalctl -u ${unit} -n 50`;
  if (ActiveState === 'failed' || SubState === 'auto-restart') {
    return fail('service', `${unit} does not stay up (${Result}, ${NRestarts} restarts)`, logs);
  }
  if (ActiveState !== 'active') {
    return warn('service', `${unit} is ${ActiveState}`, `sudo systemctl start ${unit}`);
  }
  if (Number(NRestarts) > 0) {
    return warn('service', `${unit} runs, after ${NRestarts} restarts`, logs);
  }
  if (UnitFileState !== 'enabled') {
    const mend = `sudo systemctl enable ${unit}`;
    return warn('service', `${unit} runs, but does not start at boot`, mend);
  }
  return ok('service', `${unit} runs`);
}

export interface WriteLoad {
  /** Rows a second, by stream. */
  readonly rowsPerS: readonly number[];
  readonly flushMs: number;
  readonly flushRows: number;
  readonly alertStatesPerDay: number;
  /** What keeping rows for the next training may write, bytes a day. */
  readonly keptBytesPerDay: number;
}

/** Bytes for each batch, without its content. */
const BATCH_BYTES = 5000;
/** Bytes for each stream in a batch: its own page, in the log and in the file. */
const STREAM_BYTES = 12_000;
const ROW_BYTES = 145;
/** Bytes for each state of an alert: committed alone, with its way through the outbox and the rows of 27 channels. */
const ALERT_STATE_BYTES = 125_000;
const DAY_S = 86_400;

/** Bytes a day; within a factor of two of what is measured. */
export function estimateWrites({
  rowsPerS,
  flushMs,
  flushRows,
  alertStatesPerDay,
  keptBytesPerDay,
}: WriteLoad): number {
  const rows = rowsPerS.reduce((sum, rate) => sum + rate, 0) * DAY_S;
  const batches = Math.max((DAY_S * 1000) / Math.max(flushMs, 1000), rows / flushRows);
  const perBatch = BATCH_BYTES + rowsPerS.length * STREAM_BYTES;
  const history = batches * perBatch + rows * ROW_BYTES + alertStatesPerDay * ALERT_STATE_BYTES;
  return history + keptBytesPerDay;
}

export function checkWrites(load: WriteLoad, budgetMb: number): Finding {
  const mb = Math.round(estimateWrites(load) / 1e6);
  const found = `about ${mb} MB a day, of ${budgetMb} allowed by store.writeBudgetMb`;
  if (mb <= budgetMb) return ok('disk writes', found);
  return warn('disk writes', found, `raise store.flushMs above ${load.flushMs}`);
}
