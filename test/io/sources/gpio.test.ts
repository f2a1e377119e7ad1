import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, SourceError } from '../../../src/core/errors.ts';
import {
  type Edge,
  type EdgeReader,
  type Level,
  monotonicMs,
} from '../../../src/io/sources/gpio/edge-reader.ts';
import { createGpioSource, gpioSource } from '../../../src/io/sources/gpio.ts';
import { collect } from '../collect.ts';
import { flow, openGpio } from './gpio/open-gpio.ts';

describe('gpio source', () => {
  /** A port whose edges the test tells. */
  function port(levels: Level[]) {
    let tell: (edge: Edge) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const seen = { released: 0 };
    const reader: EdgeReader = {
      open: () =>
        Promise.resolve({
          levels,
          watch: (onEdge, signal) =>
            new Promise((resolve, reject) => {
              tell = onEdge;
              fail = reject;
              signal.addEventListener('abort', () => {
                seen.released += 1;
                resolve();
              });
            }),
        }),
    };
    return { reader, seen, tell: (edge: Edge) => tell(edge), fail: (error: Error) => fail(error) };
  }

  const parsed = gpioSource.options.parse({
    lines: [flow, { line: 'GPIO4', channels: ['level'] }],
    intervalMs: 40,
  }) as Parameters<typeof createGpioSource>[0];

  it('gives the channels that were picked, per step of the grid', async () => {
    const { reader, seen, tell } = port([0, 1]);
    const source = createGpioSource(parsed, { streamId: 'pump' }, reader);
    expect(source.channels).toEqual([
      { id: 'flow.count', unit: '' },
      { id: 'flow.rate', unit: 'Hz' },
      { id: 'flow.duty', unit: '' },
      { id: 'flow.width', unit: 'ms' },
      { id: 'flow.level', unit: '' },
      { id: 'GPIO4.level', unit: '' },
    ]);
    const started = setTimeout(() => {
      // a pulse of 2 ms each 10 ms, told ahead of its time so that no busy machine can delay it
      const startMs = monotonicMs();
      for (let atMs = startMs; atMs < startMs + 5000; atMs += 10) {
        tell({ index: 0, rising: true, atMs });
        tell({ index: 0, rising: false, atMs: atMs + 2 });
      }
    });
    const [, ...samples] = await collect(source, 6);
    clearTimeout(started);
    for (const { timeMs, streamId, values } of samples) {
      expect(timeMs % 40).toBe(0);
      expect(streamId).toBe('pump');
      expect(values[0]).toBeGreaterThanOrEqual(3);
      expect(values[1]).toBeCloseTo(100, 6);
      expect(values[2]).toBeGreaterThan(0.1);
      expect(values[2]).toBeLessThan(0.3);
      expect(values[3]).toBeCloseTo(2, 6);
      expect(values[5]).toBe(1);
    }
    expect(seen.released).toBe(1);
  });

  it('skips a step that its consumer has stretched, whose count would be none of a step', async () => {
    const { reader } = port([0, 0]);
    const source = createGpioSource(parsed, { streamId: 'pump' }, reader);
    const stop = new AbortController();
    const times: number[] = [];
    for await (const { timeMs } of source.samples(stop.signal)) {
      times.push(timeMs);
      if (times.length === 1) await sleep(200);
      if (times.length === 3) stop.abort();
    }
    const gapsMs = times.slice(1).map((timeMs, at) => timeMs - (times[at] ?? 0));
    expect(gapsMs[0]).toBeGreaterThanOrEqual(240); // 200 and the stretched step
    expect(gapsMs.every((gapMs) => gapMs % 40 === 0)).toBe(true);
  });

  it('fails when its reader does, and lets go of the lines', async () => {
    const { reader, seen, fail } = port([0, 0]);
    const source = createGpioSource(parsed, { streamId: 'pump' }, reader);
    const running = collect(source);
    setTimeout(() => fail(new SourceError('unplugged')), 20);
    await expect(running).rejects.toThrow('unplugged');
    expect(seen.released).toBe(1);
  });

  it('refuses two channels of one name', () => {
    const lines = [{ line: 17 }, { line: 17, bias: 'pull-up' }];
    expect(() => openGpio({ lines })).toThrow(ConfigError);
    expect(() => openGpio({ lines })).toThrow("channel 'gpio17.count' is defined twice");
  });
});
