import { describe, expect, it } from 'vitest';
import { foreignSink } from '../../../src/app/plugins/foreign-sink.ts';
import { foreignSource } from '../../../src/app/plugins/foreign-source.ts';
import { ConfigError, PluginError, SinkError, SourceError } from '../../../src/core/errors.ts';
import { parseOptions } from '../../../src/core/registry.ts';
import type { Sample } from '../../../src/core/sample.ts';
import { alertOf } from '../../io/alerts.ts';

const never = new AbortController().signal;
const ab = [
  { id: 'a', unit: '' },
  { id: 'b', unit: 'V' },
];

/** A source of a plug-in whose samples are `yielded`, after which it throws. */
function sourceOf(yielded: readonly unknown[], thrown?: unknown) {
  const opened = {
    live: true,
    channels: ab,
    async *samples() {
      await Promise.resolve();
      yield* yielded;
      if (thrown !== undefined) throw thrown;
    },
  };
  const plugin = foreignSource({ kind: 'k', summary: '', create: () => opened }, 'acme');
  return plugin.create({}, { streamId: 'pump' });
}

async function read(source: ReturnType<typeof sourceOf>, signal = never): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const sample of source.samples(signal)) all.push(sample);
  return all;
}

describe('a source of a plug-in', () => {
  it('gives samples of its stream from lists of numbers', async () => {
    const source = sourceOf([{ timeMs: 5, values: [1, null] }]);
    expect(source).toMatchObject({ id: 'pump', live: true, channels: ab });
    expect(await read(source)).toEqual([
      { streamId: 'pump', timeMs: 5, values: Float64Array.of(1, Number.NaN) },
    ]);
  });

  it('is lost, and not a bug of ours, when it throws', async () => {
    const reading = read(sourceOf([], new TypeError('bus is\nundefined')));
    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toThrow(/^plug-in acme: bus is( \(.*\))?$/);
  });

  it('ends in peace when it throws because it was stopped', async () => {
    expect(await read(sourceOf([], new Error('aborted')), AbortSignal.abort())).toEqual([]);
  });

  it.each([
    ['too few values', { timeMs: 1, values: [1] }, /1 values, expected one for each of 2 channels/],
    ['no values', { timeMs: 1 }, /no values, expected/],
    ['no time', { timeMs: 'now', values: [1, 2] }, /timeMs now, expected Unix milliseconds/],
  ])('is lost when a sample has %s', async (_, sample, reason) => {
    const reading = read(sourceOf([sample]));
    await expect(reading).rejects.toThrow(SourceError);
    await expect(reading).rejects.toThrow(reason);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such device');
      },
      /plug-in acme: no such device/,
    ],
    ['makes something else', () => ({}), /plug-in acme: a source was made without live/],
  ])('is a fault of the configuration when its making %s', (_, create, reason) => {
    const plugin = foreignSource({ kind: 'k', summary: '', create }, 'acme');
    expect(() => plugin.create({}, { streamId: 'pump' })).toThrow(ConfigError);
    expect(() => plugin.create({}, { streamId: 'pump' })).toThrow(reason);
  });
});

function sinkOf(made: object, options: object = {}) {
  const warned: string[] = [];
  const plugin = foreignSink({ kind: 'shelf', summary: '', create: () => made }, 'acme');
  const sink = plugin.create(parseOptions(plugin.options, options, 'sink shelf'), {
    ...{ node: 'pi', version: '1', streams: [], log: () => undefined },
    warn: (message) => warned.push(message),
  });
  return { sink, warned };
}

describe('a sink of a plug-in', () => {
  const close = () => Promise.resolve();

  it('is called in the outbox what the configuration says, else by its kind', () => {
    const send = () => Promise.resolve();
    expect(sinkOf({ send, close, id: 'mine' }).sink.id).toBe('shelf');
    expect(sinkOf({ send, close }, { id: 'top' }).sink.id).toBe('top');
  });

  it('did not take an alert for which it throws, at once or later', async () => {
    for (const send of [
      () => Promise.reject(new Error('full')),
      () => {
        throw new Error('full');
      },
    ]) {
      const sending = sinkOf({ send, close }).sink.send(alertOf('one'));
      await expect(sending).rejects.toThrow(SinkError);
      await expect(sending).rejects.toThrow(/^plug-in acme: full/);
    }
  });

  it('is sent the alert again after a fault that may pass, and is doubted after a bug (#18)', async () => {
    const fetchFailed = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    for (const [thrown, kind] of [
      [new Error('500'), SinkError],
      [fetchFailed, SinkError],
      [new TypeError('x is undefined'), PluginError],
      [new RangeError('Invalid time value'), PluginError],
    ] as const) {
      const send = () => Promise.reject(thrown);
      await expect(sinkOf({ send, close }).sink.send(alertOf('one'))).rejects.toThrow(kind);
    }
  });

  it('has one alert under way unless it says that it keeps more in order', () => {
    expect(sinkOf({ send: close, close }).sink.inFlight).toBe(1);
    expect(sinkOf({ send: close, close, inFlight: 8 }).sink.inFlight).toBe(8);
    for (const inFlight of [0, 1.5, Number.NaN, '8']) {
      expect(() => sinkOf({ send: close, close, inFlight })).toThrow(/inFlight of a sink is/);
    }
  });

  it('tells once of scores it could not take, and disturbs nothing', () => {
    const { sink, warned } = sinkOf({
      send: close,
      close,
      report() {
        throw new Error('no room');
      },
    });
    const report = { streamId: 'a', timeMs: 1, score: 1, level: 1, anomalous: false };
    sink.report?.(report);
    sink.report?.(report);
    expect(warned).toEqual([expect.stringContaining('plug-in acme: no room')]);
  });

  it('may hold alerts back and send a test message, and errs without harm (#21)', async () => {
    const holding = { dueMs: () => 5, covers: () => true };
    const test = () => Promise.resolve('taken');
    const able = sinkOf({ send: close, close, holding, test }).sink;
    const alert = alertOf('one');
    expect(able.holding?.dueMs(alert, 1)).toBe(5);
    expect(able.holding?.covers(alert, alert)).toBe(true);
    expect(await able.test?.()).toBe('taken');
    const fails = () => {
      throw new Error('no clock');
    };
    const failing = { holding: { dueMs: fails, covers: fails }, test: fails };
    const { sink, warned } = sinkOf({ send: close, close, ...failing });
    expect(sink.holding?.dueMs(alert, 1)).toBeUndefined();
    expect(sink.holding?.covers(alert, alert)).toBe(false);
    expect(warned).toEqual([expect.stringContaining('no clock')]);
    await expect(sink.test?.()).rejects.toThrow(SinkError);
    const plain = sinkOf({ send: close, close }).sink;
    expect([plain.holding, plain.test]).toEqual([undefined, undefined]);
  });

  it('may fail to close', async () => {
    const { sink, warned } = sinkOf({
      send: close,
      close: () => Promise.reject(new Error('hung')),
    });
    await sink.close();
    expect(warned).toEqual([expect.stringContaining('hung')]);
  });

  it('is a fault of the configuration when it cannot send', () => {
    expect(() => sinkOf({ close })).toThrow(/without the functions send and close/);
  });
});
