// What every sink must keep, wherever it sends.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Sink } from '../../src/core/sink.ts';
import { type EmbeddedBroker, startBroker } from '../../src/io/broker/embedded.ts';
import { sinks } from '../../src/io/sinks/index.ts';
import type { SinkContext } from '../../src/io/sinks/sink-plugin.ts';
import { alertOf } from '../io/alerts.ts';
import { httpReceiver, smtpReceiver } from '../io/sinks/receivers.ts';
import { sparkplugHost } from '../io/sinks/sparkplug-host.ts';
import { subscribe } from '../io/subscriber.ts';
import { pluginsIn, undescribed } from './plugin-folder.ts';

interface Case {
  /** Called after `listen`. */
  options(): object;
  context?(): Partial<SinkContext>;
  /** Starts to listen; answers what has arrived so far as `<id> <state>`. */
  listen(): Promise<() => string[]>;
}

let broker: EmbeddedBroker;
beforeAll(async () => {
  broker = await startBroker({ port: 0 });
});
afterAll(() => broker.close());

let logged: string[] = [];

const LOCAL: Readonly<Record<string, Case>> = {
  log: {
    options: () => ({}),
    context: () => ({
      log: (fields) => {
        const { alert } = fields as { alert: { id: string; event_type: string } };
        logged.push(`${alert.id} ${alert.event_type}`);
      },
    }),
    listen() {
      logged = [];
      return Promise.resolve(() => logged);
    },
  },
  mqtt: {
    options: () => ({ broker: { url: broker.url } }),
    async listen() {
      const { messages } = await subscribe(broker.url, '+/+/+/event');
      return () =>
        messages.map(({ text }) => {
          const { id, event_type } = JSON.parse(text);
          return `${id} ${event_type}`;
        });
    },
  },
  sparkplug: {
    options: () => ({ broker: { url: broker.url } }),
    async listen() {
      const { heard } = await sparkplugHost(broker.url);
      return () =>
        heard
          .map(({ metrics }) => [metrics['Alert/Id'], metrics['Alert/State']])
          .filter(([id]) => typeof id === 'string')
          .map(([id, state]) => `${id} ${state}`);
    },
  },
};

const ALL_NEWS = ['opened', 'worse', 'updated', 'reminder', 'closed'];

/** Sinks that post to `url`; `read` finds `<id> <state>` in a body. */
function posting(options: (url: string) => object, read: (body: string) => string): Case {
  let url = 'http://127.0.0.1:1';
  return {
    options: () => ({ ...options(url), states: ALL_NEWS }),
    async listen() {
      const receiver = await httpReceiver();
      url = receiver.url;
      return () => receiver.requests.map(({ body }) => read(body));
    },
  };
}

let mailPort = 1;

const NOTIFYING: Readonly<Record<string, Case>> = {
  webhook: posting(
    (url) => ({ url }),
    (body) => {
      const { id, event_type } = JSON.parse(body);
      return `${id} ${event_type}`;
    },
  ),
  ntfy: posting(
    (server) => ({ server, topic: 'alerts', title: '{{id}} {{notice}}' }),
    (body) => JSON.parse(body).title,
  ),
  email: {
    options: () => ({
      ...{ host: '127.0.0.1', port: mailPort, security: 'none', states: ALL_NEWS },
      ...{ from: 'pi@example.org', to: ['me@example.org'], subject: '{{id}} {{notice}}' },
    }),
    async listen() {
      const { port, mails } = await smtpReceiver();
      mailPort = port;
      return () => mails.map((mail) => /^Subject: (.*)\r$/m.exec(mail)?.[1] ?? mail);
    },
  },
};

const CASES: Readonly<Record<string, Case>> = { ...LOCAL, ...NOTIFYING };

describe('sinks', () => {
  it('are all in the registry, under their own kind', async () => {
    const registered = new Set<unknown>(sinks.values());
    const found = await pluginsIn(new URL('../../src/io/sinks/', import.meta.url));
    for (const [file, plugins] of found) {
      expect(plugins, `${file} exports no sink`).not.toEqual([]);
      for (const plugin of plugins) {
        expect(registered.has(plugin), `${file} is missing from index.ts`).toBe(true);
        expect(sinks.get(plugin.kind)).toBe(plugin);
      }
    }
    expect([...found.values()].flat()).toHaveLength(sinks.size);
  });

  it('have a case here', () => {
    expect(Object.keys(CASES).sort()).toEqual([...sinks.keys()].sort());
  });
});

describe.each([...sinks.values()])('sink $kind', ({ kind, summary, options, create }) => {
  const { options: optionsOf, context, listen } = CASES[kind] as Case;
  const open = (changes: object = {}, more: Partial<SinkContext> = {}): Sink => {
    const streams = [{ id: 'motor', channels: [] }];
    const base: SinkContext = { node: 'node', version: '1', streams, log: () => undefined };
    const sink = create(options.parse({ ...optionsOf(), ...changes }), {
      ...base,
      ...context?.(),
      ...more,
    });
    onTestFinished(() => sink.close());
    return sink;
  };

  it('describes itself and each of its options, and refuses unknown ones', () => {
    expect(summary).not.toBe('');
    expect(undescribed(options)).toEqual([]);
    expect(options.safeParse({ ...optionsOf(), unheardOf: 1 }).success).toBe(false);
  });

  it('has its kind as id unless it is named', () => {
    expect(open().id).toBe(kind);
    expect(open({ id: 'second' }).id).toBe('second');
  });

  it('delivers alerts in the order it was given them', async () => {
    const arrived = await listen();
    const sink = open();
    await sink.send(alertOf('a'));
    await sink.send(alertOf('a', 'updated'));
    await sink.send(alertOf('a', 'closed'));
    await expect.poll(arrived).toEqual(['a opened', 'a updated', 'a closed']);
  });

  it('delivers alerts of every kind, with and without numbers', async () => {
    const arrived = await listen();
    const sink = open();
    for (const alertKind of ['anomaly', 'data_missing', 'stuck', 'storage'] as const) {
      await sink.send(
        alertOf(alertKind, 'opened', {
          kind: alertKind,
          channels: [],
          score: Number.NaN,
          peak: Infinity,
        }),
      );
    }
    await expect.poll(() => arrived().length).toBe(4);
  });

  it('delivers alerts of a time that no date can hold (#18)', async () => {
    const arrived = await listen();
    const sink = open();
    const times = { timeMs: 1e18, startMs: -1e18, endMs: 1e300 };
    await sink.send(alertOf('a', 'opened', times));
    await sink.send(alertOf('a', 'closed', times));
    await expect.poll(arrived).toEqual(['a opened', 'a closed']);
  });

  it('shows from the start what is open since a time that no date can hold (#18)', async () => {
    const arrived = await listen();
    const sink = open({}, { open: [alertOf('old', 'opened', { timeMs: 1e18, startMs: 1e18 })] });
    await sink.send(alertOf('new'));
    await expect.poll(() => arrived().at(-1)).toBe('new opened');
  });

  it('delivers in order what it is given at once, as much as it says it takes', async () => {
    const arrived = await listen();
    const sink = open();
    const { inFlight = 1 } = sink;
    const ids = Array.from({ length: 3 * inFlight }, (_, n) => `a${n}`);
    for (let sent = 0; sent < ids.length; sent += inFlight) {
      const some = ids.slice(sent, sent + inFlight);
      await Promise.all(some.map((id) => sink.send(alertOf(id))));
    }
    await expect.poll(arrived).toEqual(ids.map((id) => `${id} opened`));
  });

  it('takes score reports at any time, and closes twice', async () => {
    const arrived = await listen();
    const sink = open();
    const report = { streamId: 'motor', timeMs: 1, score: 0.5, level: 1, anomalous: false };
    sink.report?.(report);
    await sink.send(alertOf('a'));
    sink.report?.(report);
    await sink.close();
    sink.report?.(report);
    await expect(sink.close()).resolves.toBeUndefined();
    await expect.poll(arrived).toEqual(['a opened']);
  });
});
