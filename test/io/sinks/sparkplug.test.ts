import { describe, expect, it, onTestFinished } from 'vitest';
import { requireOptional } from '../../../src/core/optional-package.ts';
import type { Sink } from '../../../src/core/sink.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import type { SinkContext } from '../../../src/io/sinks/sink-plugin.ts';
import { loadCodec } from '../../../src/io/sinks/sparkplug/codec.ts';
import {
  createEdgeNode,
  scoreMetrics,
  unknownMetrics,
} from '../../../src/io/sinks/sparkplug/edge-node.ts';
import { sparkplugSink } from '../../../src/io/sinks/sparkplug.ts';
import { alertOf } from '../alerts.ts';
import { cuttable } from '../cuttable.ts';
import { freePort, hasMosquitto, startMosquitto } from '../mosquitto.ts';
import { sparkplugHost, tahu } from './sparkplug-host.ts';

const START_MS = Date.UTC(2026, 10, 24, 12);
const codec = loadCodec();

function edgeOf(deviceIds: readonly string[] = ['motor']) {
  const parts = { group: 'Plant', node: 'pump1', version: '1.2.3', deviceIds, codec };
  return createEdgeNode({ ...parts, now: () => START_MS });
}

const report = { streamId: 'motor', timeMs: START_MS, score: 0.5, level: 2, anomalous: false };

/** What the reference implementation reads. */
function decoded({ payload }: { payload: string | Buffer }) {
  return tahu.decodePayload(Buffer.from(payload));
}

describe('a Sparkplug edge node', () => {
  it('writes what the reference implementation reads, types and times included', () => {
    const edge = edgeOf();
    edge.will();
    const { timestamp, seq, metrics } = decoded(edge.data('motor', scoreMetrics(report)));
    expect([Number(timestamp), Number(seq)]).toEqual([START_MS, 0]);
    const fields = metrics?.map(({ name, type, value, timestamp: at }) => [
      name,
      type,
      value,
      Number(at),
    ]);
    expect(fields).toEqual([
      ['Score', 'Double', 0.5, START_MS],
      ['Level', 'Double', 2, START_MS],
      ['Anomalous', 'Boolean', false, START_MS],
    ]);
  });

  it('is born with seq 0, the number of its will, and every metric it will ever report', () => {
    const edge = edgeOf(['motor', 'fan']);
    edge.will();
    const will = edge.will();
    expect(will).toMatchObject({ topic: 'spBv1.0/Plant/NDEATH/pump1', qos: 1, retain: false });
    const death = decoded(will);
    expect(death.seq ?? null).toBeNull();
    expect(death.metrics?.map(({ name, type, value }) => [name, type, Number(value)])).toEqual([
      ['bdSeq', 'Int64', 1],
    ]);
    const births = edge.births();
    expect(births.map(({ topic, qos, retain }) => [topic, qos, retain])).toEqual([
      ['spBv1.0/Plant/NBIRTH/pump1', 0, false],
      ['spBv1.0/Plant/DBIRTH/pump1/motor', 0, false],
      ['spBv1.0/Plant/DBIRTH/pump1/fan', 0, false],
    ]);
    expect(births.map((birth) => Number(decoded(birth).seq))).toEqual([0, 1, 2]);
    const [node, device] = births.map((birth) => decoded(birth).metrics ?? []);
    const value = (name: string) => node?.find((metric) => metric.name === name)?.value;
    expect(Number(value('bdSeq'))).toBe(1);
    expect(value('Node Control/Rebirth')).toBe(false);
    const names = unknownMetrics(0).map(({ name }) => name);
    expect(device?.map(({ name }) => name)).toEqual(names);
    expect(device?.every((metric) => metric.value === null)).toBe(true);
  });

  it('counts messages and wills to 255 and begins anew', () => {
    const edge = edgeOf();
    const numbers = Array.from({ length: 300 }, () =>
      Number(decoded(edge.will()).metrics?.[0]?.value),
    );
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, n) => n % 256));
    edge.births(); // takes 0 and 1
    const seqs = Array.from({ length: 300 }, () =>
      Number(decoded(edge.data('motor', scoreMetrics(report))).seq),
    );
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, n) => (n + 2) % 256));
    expect(Number(decoded(edge.births()[0] ?? { payload: '' }).seq)).toBe(0);
  });

  it('is born again with what it knew, and bears a device that is new', () => {
    const edge = edgeOf();
    edge.will();
    edge.births();
    edge.data('motor', scoreMetrics(report));
    const [, device] = edge.births();
    const score = decoded(device ?? { payload: '' }).metrics?.find(({ name }) => name === 'Score');
    expect(score?.value).toBe(0.5);
    const born = edge.data('storage', scoreMetrics(report));
    expect(born.topic).toBe('spBv1.0/Plant/DBIRTH/pump1/storage');
    expect(decoded(born).metrics).toHaveLength(unknownMetrics(0).length);
    expect(edge.data('storage', scoreMetrics(report)).topic).toContain('/DDATA/');
  });

  it('understands the command of the reference implementation, and no other', () => {
    const edge = edgeOf();
    const command = (name: string, value: boolean) =>
      tahu.encodePayload({ timestamp: START_MS, metrics: [{ name, type: 'Boolean', value }] });
    expect(edge.wantsRebirth(command('Node Control/Rebirth', true))).toBe(true);
    expect(edge.wantsRebirth(command('Node Control/Rebirth', false))).toBe(false);
    expect(edge.wantsRebirth(command('Node Control/Reboot', true))).toBe(false);
    expect(() => edge.wantsRebirth(Buffer.from([0xff, 0xff]))).toThrow();
  });
});

function sinkOf(
  options: object,
  context: Partial<SinkContext> = {},
): { sink: Sink; warned: string[] } {
  const warned: string[] = [];
  const sink = sparkplugSink.create(sparkplugSink.options.parse(options), {
    node: 'pump1',
    version: '1.2.3',
    streams: [{ id: 'motor', channels: [] }],
    log: () => undefined,
    warn: (message) => void warned.push(message),
    ...context,
  });
  onTestFinished(() => sink.close());
  return { sink, warned };
}

describe('a package that only some have', () => {
  it('is named with the command that brings it', () => {
    const load = (): never => {
      throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    };
    const wanted = { name: 'protobufjs', install: 'npm install protobufjs', load };
    expect(() => requireOptional(wanted, 'sink sparkplug')).toThrow(
      'sink sparkplug needs the package protobufjs, which is not installed: npm install protobufjs',
    );
  });
});

describe('sparkplug sink', () => {
  it('is born, publishes alerts and scores in sequence, and dies in order', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const host = await sparkplugHost(broker.url);
    const { sink } = sinkOf({ broker: { url: broker.url } });
    await sink.send(alertOf('01J'));
    sink.report?.({ ...report, score: 1.5, anomalous: true });
    sink.report?.({ ...report, score: 9 }); // too soon
    await sink.send(alertOf('01J', 'closed'));
    await sink.close();
    await host.next(({ type }) => type === 'NDEATH');
    expect(host.heard.map(({ type, device, seq }) => [type, device, seq])).toEqual([
      ['NBIRTH', undefined, 0],
      ['DBIRTH', 'motor', 1],
      ['DDATA', 'motor', 2],
      ['DDATA', 'motor', 3],
      ['DDATA', 'motor', 4],
      ['NDEATH', undefined, undefined],
    ]);
    const [birth, , opened, scored, closed, death] = host.heard;
    expect(opened?.metrics).toMatchObject({
      'Alert/Active': true,
      'Alert/Id': '01J',
      'Alert/State': 'opened',
      'Alert/Severity': 'warning',
      'Alert/Channel': 'vibration',
      'Alert/Peak': 2.4,
    });
    expect(scored?.metrics).toEqual({ Score: 1.5, Level: 2, Anomalous: true });
    expect(closed?.metrics).toMatchObject({ 'Alert/Active': false, 'Alert/State': 'closed' });
    expect(death?.metrics).toEqual({ bdSeq: birth?.metrics['bdSeq'] });
  });

  it('is born again when a host asks for it, and outlives a command it cannot read', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const host = await sparkplugHost(broker.url);
    const { sink, warned } = sinkOf({ broker: { url: broker.url }, group: 'Plant', node: 'edge' });
    await sink.send(alertOf('01J'));
    await host.next(({ type }) => type === 'DDATA');
    await host.command('spBv1.0/Plant/NCMD/edge', Buffer.from([0xff, 0xff]));
    const rebirth = { name: 'Node Control/Rebirth', type: 'Boolean', value: true } as const;
    const command = tahu.encodePayload({ timestamp: START_MS, metrics: [rebirth] });
    await host.command('spBv1.0/Plant/NCMD/edge', command);
    await expect.poll(() => host.heard.filter(({ type }) => type === 'DBIRTH').length).toBe(2);
    const sequence = host.heard.map(({ type, seq }) => `${type} ${seq}`);
    expect(sequence).toEqual(['NBIRTH 0', 'DBIRTH 1', 'DDATA 2', 'NBIRTH 0', 'DBIRTH 1']);
    expect(host.heard.at(-1)?.metrics).toMatchObject({ 'Alert/Id': '01J', 'Alert/Active': true });
    expect(warned).toEqual([expect.stringContaining('a command cannot be read')]);
  });

  it('shows alerts that an earlier run left open with its birth', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const host = await sparkplugHost(broker.url);
    sinkOf({ broker: { url: broker.url } }, { open: [alertOf('left')] });
    const birth = await host.next(({ type }) => type === 'DBIRTH');
    expect(birth.metrics).toMatchObject({ 'Alert/Id': 'left', 'Alert/Active': true, Score: null });
  });

  it('rejects while there is no broker, and refuses names that are no topic levels', async () => {
    const { sink } = sinkOf({ broker: { url: `mqtt://127.0.0.1:${await freePort()}` } });
    await expect(sink.send(alertOf('01J'))).rejects.toThrow('refused the connection');
    expect(sparkplugSink.options.safeParse({ group: 'a/b' }).success).toBe(false);
    expect(() => sinkOf({})).toThrow('has no broker');
  });
});

describe.skipIf(!hasMosquitto).each([4, 5] as const)(
  'sparkplug sink on Mosquitto, version %i',
  (protocolVersion) => {
    it('is declared dead under the number of its birth, and born under the next', async () => {
      const { port } = await startMosquitto(() => ['allow_anonymous true']);
      const host = await sparkplugHost(`mqtt://127.0.0.1:${port}`, { protocolVersion });
      const way = await cuttable(port);
      sinkOf({ broker: { url: way.url, protocolVersion } });
      await host.next(({ type }) => type === 'DBIRTH');
      way.cut();
      await expect.poll(() => host.heard.length).toBe(5);
      expect(host.heard.map(({ type, metrics }) => [type, metrics['bdSeq']])).toEqual([
        ['NBIRTH', 0],
        ['DBIRTH', undefined],
        ['NDEATH', 0],
        ['NBIRTH', 1],
        ['DBIRTH', undefined],
      ]);
      for (const { retain } of host.heard) expect(retain).toBe(false);
    });
  },
);
