// The mqtt sink with the broker of real installations, under both versions of the protocol.
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SinkError } from '../../../src/core/errors.ts';
import type { Sink } from '../../../src/core/sink.ts';
import { openMqtt } from '../../../src/io/mqtt/connection.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { mqttSink } from '../../../src/io/sinks/mqtt.ts';
import { startOutbox } from '../../../src/io/store/outbox.ts';
import { alertOf } from '../alerts.ts';
import { controlOf } from '../control.ts';
import { cuttable } from '../cuttable.ts';
import { hasMosquitto, makeCertificates, startMosquitto } from '../mosquitto.ts';
import { open } from '../store/open-store.ts';
import { subscribe } from '../subscriber.ts';

const VERSIONS = [4, 5] as const;

function sinkOf(options: object, ready: () => void = () => undefined) {
  const warned: string[] = [];
  const sink: Sink = mqttSink.create(mqttSink.options.parse(options), {
    node: 'pump1',
    version: '1',
    streams: [{ id: 'motor', channels: [] }],
    control: controlOf().control,
    log: () => undefined,
    warn: (message) => void warned.push(message),
    ready,
  });
  onTestFinished(() => sink.close());
  return { sink, warned };
}

describe.skipIf(!hasMosquitto).each(VERSIONS)(
  'mqtt sink on Mosquitto, version %i',
  (protocolVersion) => {
    it('delivers over TLS with a certificate of its own, and says whose is missing', async () => {
      const { port, folder } = await startMosquitto((path) => {
        makeCertificates(path);
        const files = [`cafile ${path}/ca.pem`, `certfile ${path}/server.pem`];
        const users = ['require_certificate true', 'use_identity_as_username true'];
        writeFileSync(join(path, 'acl'), 'user pump\ntopic readwrite #\n', { mode: 0o600 });
        return [...files, `keyfile ${path}/server.key`, ...users, `acl_file ${path}/acl`];
      });
      const url = `mqtts://127.0.0.1:${port}`;
      const at = (name: string) => join(folder, name);
      const tls = { ca: at('ca.pem'), cert: at('client.pem'), key: at('client.key') };
      const { sink } = sinkOf({ broker: { url, protocolVersion, tls } });
      const heard: string[] = [];
      const witness = await openMqtt(brokerOptions.parse({ url, protocolVersion, tls }), {
        role: 'witness',
        Failure: SinkError,
        onMessage: (topic) => heard.push(topic),
      });
      await witness.subscribe(['+/+/+/event']);
      await sink.send(alertOf('01J'));
      await expect.poll(() => heard).toEqual(['sentigon/pump1/motor/event']);
      await witness.end();

      const refused = 'did not accept the certificate of this client';
      for (const own of [{}, { cert: at('stranger.pem'), key: at('stranger.key') }]) {
        const broker = { url, protocolVersion, tls: { ca: tls.ca, ...own } };
        await expect(sinkOf({ broker }).sink.send(alertOf('02J'))).rejects.toThrow(refused);
      }
      const blind = { url, protocolVersion, tls: { cert: tls.cert, key: tls.key } };
      await expect(sinkOf({ broker: blind }).sink.send(alertOf('03J'))).rejects.toThrow(
        'has no trusted certificate',
      );
    });

    it('delivers with a name and a password, and names the one that is refused in one line', async () => {
      const { port } = await startMosquitto((folder) => {
        const file = join(folder, 'passwords');
        writeFileSync(file, '');
        execFileSync('mosquitto_passwd', ['-b', file, 'pump', 'right'], { stdio: 'ignore' });
        return ['allow_anonymous false', `password_file ${file}`];
      });
      const url = `mqtt://127.0.0.1:${port}`;
      const login = (password: string) => ({ url, protocolVersion, username: 'pump', password });
      await sinkOf({ broker: login('right') }).sink.send(alertOf('01J'));
      const { sink, warned } = sinkOf({ broker: login('hunter2') });
      await expect(sink.send(alertOf('02J'))).rejects.toThrow("did not authorise user 'pump'");
      expect(warned).toHaveLength(1);
      expect(warned[0]).toMatch(/^sink mqtt: broker mqtt:[^\n]*check broker\.username/);
      expect(warned[0]).not.toContain('hunter2');
    });

    it('loses no alert to a broker that is restarted', async () => {
      const mosquitto = await startMosquitto((folder) => [
        'allow_anonymous true',
        'persistence true',
        `persistence_location ${folder}/`,
      ]);
      const url = `mqtt://127.0.0.1:${mosquitto.port}`;
      const heard: string[] = [];
      // a receiver whose session the broker keeps, so that it is not the one who loses them
      const receiver = await connectAsync(url, {
        clientId: 'receiver',
        clean: false,
        protocolVersion,
        reconnectPeriod: 100,
        ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 600 } }),
      });
      onTestFinished(() => receiver.endAsync(true));
      receiver.on('error', () => undefined);
      receiver.on('message', (_, payload) => heard.push(JSON.parse(payload.toString()).id));
      await receiver.subscribeAsync('+/+/+/event', { qos: 1 });

      const { store } = open();
      const { sink } = sinkOf({ broker: { url, protocolVersion } }, () => pump.wake());
      const pump = startOutbox({
        store,
        sinks: [sink],
        onFault: () => undefined,
        firstRetryMs: 100,
      });
      onTestFinished(() => pump.stop());
      const ids = Array.from({ length: 30 }, (_, n) => `alert-${n}`);
      const save = (some: readonly string[]): void => {
        for (const id of some) store.addAlert(alertOf(id), [sink.id]);
        pump.wake();
      };
      save(ids.slice(0, 10));
      await expect.poll(() => heard.length).toBe(10);
      save(ids.slice(10, 20)); // on their way while it goes down
      await mosquitto.stop('SIGTERM');
      save(ids.slice(20));
      expect(store.unsent(sink.id, 99).length).toBeGreaterThanOrEqual(10);
      await mosquitto.start();
      await expect.poll(() => new Set(heard).size).toBe(ids.length);
      expect([...new Set(heard)]).toEqual(ids);
      await expect.poll(() => store.unsent(sink.id, 99)).toEqual([]);
    });
  },
);

describe.skipIf(!hasMosquitto)('an access list that refuses a topic', () => {
  it.each([1, 2] as const)(
    'holds up no other alert under MQTT 5 with QoS %i: what is refused is set aside (#20)',
    async (qos) => {
      const { port } = await startMosquitto((folder) => {
        const rules = ['topic readwrite sentigon/#', 'topic deny sentigon/pump1/motor/event'];
        // nor is the state of a stream allowed, which a connection says first
        writeFileSync(
          join(folder, 'acl'),
          [...rules, 'topic deny sentigon/pump1/motor/state'].join('\n'),
        );
        chmodSync(join(folder, 'acl'), 0o600);
        return ['allow_anonymous true', `acl_file ${join(folder, 'acl')}`];
      });
      const url = `mqtt://127.0.0.1:${port}`;
      const witness = await subscribe(url, 'sentigon/+/+/event');
      const { store } = open();
      const aside: string[] = [];
      const broker = { url, protocolVersion: 5, qos };
      const { sink, warned } = sinkOf({ broker }, () => pump.wake());
      const pump = startOutbox({
        store,
        sinks: [sink],
        onFault: () => undefined,
        onSetAside: ({ alert }, { message }) => void aside.push(`${alert.id} ${message}`),
      });
      onTestFinished(() => pump.stop());
      store.addAlert(alertOf('refused'), [sink.id]);
      store.addAlert(alertOf('taken', 'opened', { streamId: 'fan' }), [sink.id]);
      pump.wake();
      const { text } = await witness.next(() => true);
      expect(JSON.parse(text).id).toBe('taken');
      const why = `broker ${url} does not let a client without user name publish to sentigon/pump1/motor/`;
      expect(aside).toEqual([expect.stringContaining(`refused ${why}`)]);
      await expect
        .poll(() => store.backlog())
        .toMatchObject({ waiting: {}, setAside: { mqtt: 1 } });
      expect(warned).toEqual([expect.stringContaining(`sink mqtt: ${why}state`)]);
    },
  );
});

describe.skipIf(!hasMosquitto)('a connection that is cut', () => {
  async function statuses(protocolVersion: 4 | 5, willDelayS: number) {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const way = await cuttable(port);
    const ready = vi.fn<() => void>();
    const broker = { url: way.url, protocolVersion };
    const { sink } = sinkOf({ broker, willDelayS }, ready);
    const witness = await subscribe(`mqtt://127.0.0.1:${port}`, 'sentigon/pump1/status');
    await witness.next(({ text }) => text === 'online');
    await expect.poll(() => ready.mock.calls.length).toBe(1);
    way.cut();
    await expect.poll(() => ready.mock.calls.length).toBe(2);
    return { sink, heard: () => witness.messages.map(({ text }) => text) };
  }

  it('does not show under MQTT 5 when it comes back in time', async () => {
    const { sink, heard } = await statuses(5, 2);
    await sleep(2500); // by now the will would have been spoken
    expect(heard()).not.toContain('offline');
    await sink.close();
    await expect.poll(() => heard().at(-1)).toBe('stopped');
    await sleep(100);
    expect(heard()).not.toContain('offline');
  });

  it('shows under MQTT 3.1.1 at once', async () => {
    const { heard } = await statuses(4, 2);
    await expect.poll(heard).toEqual(['online', 'offline', 'online']);
  });

  it('shows in the end when nobody comes back', async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const url = `mqtt://127.0.0.1:${port}`;
    const witness = await subscribe(url, 'will');
    const way = await cuttable(port);
    const will = { topic: 'will', payload: 'gone', qos: 1, retain: false } as const;
    await openMqtt(brokerOptions.parse({ url: way.url, protocolVersion: 5 }), {
      role: 'x',
      Failure: SinkError,
      will,
      lingerS: 1,
    });
    const cutMs = performance.now();
    way.cut();
    await witness.next(({ text }) => text === 'gone');
    expect(performance.now() - cutMs).toBeGreaterThan(900);
  });
});
