// The ways into a running daemon: the socket of `sentigon ctl`, the numbers for Prometheus, and the web page.
import { join } from 'node:path';
import { DeviceError } from '../../core/errors.ts';
import { CONTROL_SOCKET, type ControlServer, serveControl } from '../../io/local/control-socket.ts';
import { type MetricsEndpoint, serveMetrics } from '../../io/metrics/endpoint.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import type { Outlet } from '../alerts/dispatcher.ts';
import type { Config } from '../config/schema.ts';
import { baseOf } from '../fleet/topics.ts';
import type { Log } from '../log.ts';
import { metricsOf } from '../status/metrics.ts';
import type { WebServer } from '../web/serve-web.ts';

export interface Doors {
  close(): Promise<void>;
}

interface Surroundings {
  readonly outlet: Outlet;
  /** The one of the moment; a later one is for the next start. */
  readonly broker: BrokerOptions | undefined;
  readonly log: Log;
}

/** Throws `ConfigError` when an address cannot be had, or the page has no password that will do. */
export async function openDoors(config: Config, surroundings: Surroundings): Promise<Doors> {
  const { state, metrics, web } = config;
  const { outlet, log } = surroundings;
  const open: Doors[] = [];
  const close = async (): Promise<void> => {
    for (const door of open.reverse()) await door.close();
  };
  try {
    if (metrics) open.push(await serveNumbers(metrics, outlet, log));
    if (web) open.push(await servePage(web, config, surroundings));
    const socket = await openSocket(state, outlet, log);
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
  { outlet, broker, log }: Surroundings,
): Promise<WebServer> {
  const { serveWeb } = await import('../web/serve-web.ts');
  const { node, state } = config;
  return serveWeb(options, { node, state, outlet, broker, base: baseOf(config), log });
}

async function serveNumbers(
  options: NonNullable<Config['metrics']>,
  { desk: { control }, openAlerts }: Outlet,
  log: Log,
): Promise<MetricsEndpoint> {
  const served = await serveMetrics(
    options,
    () => metricsOf({ control, openAlerts }),
    ({ stack }) => log.error({ stack }, 'bug in the numbers for Prometheus'),
  );
  log.info({ url: served.url }, 'metrics are served');
  return served;
}

/** A daemon that cannot have it does its work without. */
async function openSocket(
  state: string,
  { desk }: Outlet,
  log: Log,
): Promise<ControlServer | undefined> {
  try {
    return await serveControl(join(state, CONTROL_SOCKET), desk.control);
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    log.warn(error.message);
    return undefined;
  }
}
