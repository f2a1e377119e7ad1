// The web page of the daemon: behind a login, and reachable only from this machine unless configured otherwise.
import type { IncomingMessage } from 'node:http';
import { ConfigError, KnownError } from '../../core/errors.ts';
import { limitedServer, listenHttp } from '../../io/local/http-listener.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import type { Dispatcher } from '../alerts/dispatcher.ts';
import type { WebOptions } from '../config/web-options.ts';
import { watchFleet } from '../fleet/watch-fleet.ts';
import type { Log } from '../log.ts';
import { createActions, createApi } from './api.ts';
import { openAuthentication } from './auth/authentication.ts';
import { refuse } from './http.ts';
import { createLive } from './live/live.ts';
import { readPageFiles } from './page-files.ts';
import { createRoutes } from './routes.ts';
import { createChannelRows } from './view/channel-rows.ts';

export interface WebSurroundings {
  readonly node: string;
  readonly state: string;
  readonly dispatcher: Pick<Dispatcher, 'daemonControl' | 'history' | 'rowsOf' | 'follow'>;
  /** The daemon's own, with the first part of its topics. */
  readonly broker: BrokerOptions | undefined;
  readonly base: string;
  readonly log: Log;
}

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Throws `ConfigError` when the address or a password cannot be had. */
export async function serveWeb(
  options: WebOptions,
  surroundings: WebSurroundings,
): Promise<WebServer> {
  const { node, log } = surroundings;
  const authentication = openAuthentication(options, surroundings);
  const parts = openParts(options, surroundings);
  const routes = createRoutes({
    authentication,
    files: readPageFiles(),
    api: parts.api,
    node,
    options,
  });
  const onError = (error: Error, request: IncomingMessage) => tell(error, request, log);
  const server = limitedServer({ answer: routes, refuse, onError });
  try {
    const listener = await listenHttp(server, options, 'web');
    const url = `${listener.origin}/`;
    log.info({ url, passwordPath: authentication.passwordPath }, 'serving the web page');
    return {
      url,
      async close() {
        await listener.close();
        await parts.close();
      },
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

function tell(error: Error, { destroyed }: IncomingMessage, log: Log): void {
  if (error instanceof KnownError) log.warn(`web page: ${error.message}`);
  else if (!destroyed) log.error({ stack: error.stack }, 'bug in the web page');
}

function openParts({ fleet }: WebOptions, { dispatcher, broker, base, log }: WebSurroundings) {
  const { daemonControl, history, rowsOf, follow } = dispatcher;
  const { control } = daemonControl;
  if (fleet && !broker) {
    throw new ConfigError(
      'web.fleet needs a broker: name one in broker.url, or set fleet to false',
      { code: 'SEN_CFG_NO_BROKER' },
    );
  }
  const watch =
    fleet && broker
      ? watchFleet({ broker, base }, { onLost: (message) => log.warn(`web.fleet: ${message}`) })
      : undefined;
  const rows = createChannelRows();
  const live = createLive({
    ...{ control, history, follow, rows, isNormal: daemonControl.isNormal },
    fleet: watch,
  });
  const newestMs = (id: string): number =>
    control.health().streams.find((stream) => stream.id === id)?.lastMs ?? Date.now();
  const actions = createActions(control, live.notice);
  return {
    api: createApi({ history, rowsOf, rows, live, actions, newestMs, fleet }),
    async close() {
      live.close();
      await watch?.close();
    },
  };
}
