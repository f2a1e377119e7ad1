// The ways into a running daemon on this machine: the socket of `sentigon ctl`, and the numbers for Prometheus.
import { join } from 'node:path';
import { DeviceError } from '../core/errors.ts';
import { CONTROL_SOCKET, type ControlServer, serveControl } from '../io/control-socket.ts';
import { type MetricsEndpoint, serveMetrics } from '../io/metrics/endpoint.ts';
import type { Config } from './config/schema.ts';
import type { Log } from './log.ts';
import { metricsOf } from './metrics.ts';
import type { Outlet } from './outlet.ts';

export interface Doors {
  close(): Promise<void>;
}

/** Throws `ConfigError` when the address of the metrics cannot be had. */
export async function openDoors(
  { state, metrics }: Config,
  outlet: Outlet,
  log: Log,
): Promise<Doors> {
  const served = metrics && (await serveNumbers(metrics, outlet, log));
  const socket = await openSocket(state, outlet, log);
  return {
    async close() {
      await socket?.close();
      await served?.close();
    },
  };
}

async function serveNumbers(
  options: NonNullable<Config['metrics']>,
  { desk: { control }, openAlerts }: Outlet,
  log: Log,
): Promise<MetricsEndpoint> {
  const served = await serveMetrics(options, () => metricsOf({ control, openAlerts }));
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
