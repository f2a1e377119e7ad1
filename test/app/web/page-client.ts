// The page's server as a browser meets it: cookies, origins, server-sent events.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Follower } from '../../../src/app/alerts/dispatcher.ts';
import { webOptions } from '../../../src/app/config/web-options.ts';
import type { DaemonControl } from '../../../src/app/control/daemon-control.ts';
import { createLog } from '../../../src/app/log.ts';
import { serveWeb } from '../../../src/app/web/serve-web.ts';
import type { Control } from '../../../src/core/control.ts';
import type { Series } from '../../../src/core/series.ts';
import type { BrokerOptions } from '../../../src/io/mqtt/options.ts';
import { controlOf } from '../../io/control.ts';
import { open } from '../../io/store/open-store.ts';
import { tempFolder } from '../../io/temp-folder.ts';

export const PASSWORD = 'correct horse';

/** A page of a daemon that the test makes up, over a real store. */
export async function servedPage(
  options: object = {},
  changes: Partial<Control> = {},
  broker?: BrokerOptions,
) {
  const { store } = open();
  const { control, asked, standings } = controlOf(['motor']);
  const followers = new Set<Follower>();
  const rows = new Map<string, Series>();
  const log: { msg: string; [field: string]: unknown }[] = [];
  const passwordFile = join(tempFolder(), 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const page = await serveWeb(webOptions.parse({ port: 0, passwordFile, ...options }), {
    node: 'pi',
    state: tempFolder(),
    dispatcher: {
      daemonControl: {
        control: { ...control, ...changes },
        keptBackViews: () => ({ normals: [], routines: [] }),
      } as Partial<DaemonControl> as DaemonControl,
      history: store,
      rowsOf: (id) => rows.get(id),
      follow(follower) {
        followers.add(follower);
        return () => void followers.delete(follower);
      },
    },
    broker,
    base: 'sentigon',
    log: createLog({ level: 'trace', style: 'json', write: (line) => log.push(JSON.parse(line)) }),
  });
  onTestFinished(() => page.close());
  const tell = (tellOne: (follower: Follower) => void): void => followers.forEach(tellOne);
  return { ...page, store, asked, standings, rows, log, tell };
}

export interface Browser {
  readonly cookie: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** What the page's script would ask to be done. */
  act(verb: string, request: object, headers?: Record<string, string>): Promise<Response>;
}

export function postLogin(url: string, password: string, headers: Record<string, string> = {}) {
  return fetch(new URL('login', url), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: new URL(url).origin, ...headers },
    body: new URLSearchParams({ password }),
  });
}

/** Throws unless the password opens the page. */
export async function logIn(url: string, password = PASSWORD): Promise<Browser> {
  const answer = await postLogin(url, password);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  if (answer.status !== 303 || cookie === '') throw new Error(`no login: ${answer.status}`);
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, url), {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...init.headers },
    });
  const { requestToken } = (await (await get('api/session')).json()) as { requestToken: string };
  return {
    cookie,
    get,
    act: (verb, request, headers = {}) =>
      get(`api/do/${verb}`, {
        method: 'POST',
        headers: { origin: new URL(url).origin, 'x-request-token': requestToken, ...headers },
        body: JSON.stringify(request),
      }),
  };
}

/** Events as they come; `ended` resolves when the daemon ends them. */
export async function listen(browser: Browser) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await browser.get('api/events', { signal: stop.signal });
  if (!response.ok || !response.body) throw new Error(`no events: ${response.status}`);
  const heard: { event: string; data: unknown }[] = [];
  const ended = read(response.body, heard);
  return {
    heard,
    ended,
    /** The data of the first event of that name for which `found` holds. */
    next: <Data>(event: string, found: (data: Data) => boolean = () => true): Promise<Data> =>
      vi.waitUntil(
        () =>
          heard
            .filter((one) => one.event === event)
            .map(({ data }) => data as Data)
            .find(found),
        { timeout: 60_000, interval: 10 },
      ) as Promise<Data>,
  };
}

async function read(
  body: ReadableStream<Uint8Array>,
  heard: { event: string; data: unknown }[],
): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
        heard.push({ event, data: JSON.parse(data) });
      }
    }
  } catch {
    // the connection was cut, by either side
  }
}
