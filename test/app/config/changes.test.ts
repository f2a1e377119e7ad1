import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../src/app/config/changes.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { complete } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';

const broker = { url: 'mqtt://broker.local' };
const host = { id: 'host', source: { kind: 'host' } };
const meter = {
  id: 'meter',
  source: { kind: 'mqtt', channels: [{ name: 'power[W]', topic: 'meter/power' }] },
};

function configOf(written: Record<string, unknown> = {}) {
  const config = { node: 'pi', state: '/var/lib/x', broker, streams: [host, meter], ...written };
  return complete(configSchema.parse(config), readEnvironment({}));
}

function changesTo(written: Record<string, unknown>) {
  const { stop, start, sinks, waiting } = changesBetween(configOf(), configOf(written));
  return { stop, start: start.map(({ id }) => id), sinks, waiting };
}

describe('changes of the configuration', () => {
  it('are none between two readings of one file', () => {
    expect(changesTo({})).toEqual({ stop: [], start: [], sinks: false, waiting: [] });
  });

  it('restart a stream that differs, and tell sinks of the streams', () => {
    const slower = { ...host, source: { kind: 'host', intervalMs: 5000 } };
    expect(changesTo({ streams: [slower, meter] })).toEqual({
      stop: ['host'],
      start: ['host'],
      sinks: true,
      waiting: [],
    });
  });

  it('restart no stream that only gets another share of the false alarms (#19)', () => {
    const cellar = { ...host, id: 'cellar' };
    expect(changesTo({ streams: [host, meter, cellar] })).toMatchObject({
      stop: [],
      start: ['cellar'],
    });
    const own = { ...host, alerts: { falseAlarmsPerDay: 0.14 } };
    const changes = changesBetween(configOf(), configOf({ streams: [own, meter] }));
    expect(changes).toMatchObject({ stop: [], start: [], sinks: false });
    expect(changes.config.streams.map(({ alerts }) => alerts.falseAlarmsPerDay)).toEqual([0.14, 1]);
  });

  it('end a stream that is gone and begin one that is new', () => {
    const cellar = { ...host, id: 'cellar' };
    const changes = changesTo({ streams: [cellar, meter] });
    expect(changes).toMatchObject({ stop: ['host'], start: ['cellar'] });
  });

  it('leave streams alone when only their order differs', () => {
    expect(changesTo({ streams: [meter, host] })).toMatchObject({ stop: [], start: [] });
  });

  it('make sinks anew when these differ', () => {
    expect(changesTo({ sinks: [{ kind: 'log' }] })).toMatchObject({ sinks: true, start: [] });
  });

  it('restart what reads from the broker when that is another', () => {
    const changes = changesTo({ broker: { url: 'mqtt://elsewhere' } });
    expect(changes).toEqual({ stop: ['meter'], start: ['meter'], sinks: true, waiting: [] });
  });

  it.each([
    ['state', { state: '/srv/x' }],
    ['node', { node: 'attic' }],
    ['store', { store: { scoreDays: 1 } }],
    ['engine', { engine: 'plain' }],
    ['metrics', { metrics: { port: 9000 } }],
    ['broker', { broker: undefined }],
  ])('wait for a restart with a change of %s', (option, written) => {
    const changes = changesBetween(configOf(), configOf(written));
    expect(changes.waiting).toEqual([option]);
    expect(changes.config).toEqual(configOf());
  });
});
