// The ways into a running daemon: the socket of `sentigon ctl`, the Prometheus metrics, and the web page.
import { join } from 'node:path';
import { DeviceError } from '../../core/errors.ts';
import { CONTROL_SOCKET, type ControlServer, serveControl } from '../../io/local/control-socket.ts';
import { type MetricsEndpoint, serveMetrics } from '../../io/metrics/endpoint.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { Config } from '../config/schema.ts';
import { baseOf } from '../fleet/watch-fleet.ts';
import type { Log } from '../log.ts';
import { metricsOf } from '../status/metrics.ts';
import type { WebServer } from '../web/serve-web.ts';

export interface LocalServers {
  close(): Promise<void>;
}

interface Surroundings {
  readonly dispatcher: Dispatcher;
  /** The one of the moment; a later one is for the next start. */
  readonly broker: BrokerOptions | undefined;
  readonly log: Log;
}

/** Throws `ConfigError` when an address cannot be had, or the page has no password that will do. */
export async function openLocalServers(
  config: Config,
  surroundings: Surroundings,
): Promise<LocalServers> {
  const { state, metrics, web } = config;
  const { dispatcher, log } = surroundings;
  const open: LocalServers[] = [];
  const close = async (): Promise<void> => {
    for (const server of open.reverse()) await server.close();
  };
  try {
    if (metrics) open.push(await serveNumbers(metrics, dispatcher, log));
    if (web) open.push(await servePage(web, config, surroundings));
    const socket = await openSocket(state, dispatcher, log);
    if (socket) open.push(socket);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** Loaded late: most daemons have no page. */
async function servePage(
  options: NonNullable<Config['web']>,
  config: Config,
  { dispatcher, broker, log }: Surroundings,
): Promise<WebServer> {
  const { serveWeb } = await import('../web/serve-web.ts');
  const { node, state } = config;
  return serveWeb(options, { node, state, dispatcher, broker, base: baseOf(config), log });
}

async function serveNumbers(
  options: NonNullable<Config['metrics']>,
  { daemonControl: { control }, openAlerts }: Dispatcher,
  log: Log,
): Promise<MetricsEndpoint> {
  const served = await serveMetrics(
    options,
    () => metricsOf({ control, openAlerts }),
    ({ stack }) => log.error({ stack }, 'bug in the Prometheus metrics'),
  );
  log.info({ url: served.url }, 'serving metrics');
  return served;
}

/** A daemon that cannot have it does its work without. */
async function openSocket(
  state: string,
  { daemonControl }: Dispatcher,
  log: Log,
): Promise<ControlServer | undefined> {
  try {
    return await serveControl(join(state, CONTROL_SOCKET), daemonControl.control);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    log.warn(error.message);
    return undefined;
  }
}
