import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { stdinSource } from '../../../src/io/sources/stdin.ts';
import { collect } from '../collect.ts';

function open(input: Readable, channels: string[] = [], timeUnit: 'auto' | 'ns' = 'auto') {
  const told: string[] = [];
  const warn = (message: string): void => void told.push(message);
  const source = stdinSource.create({ channels, timeUnit }, { streamId: 'line', input, warn });
  return { source, told };
}

describe('stdin source', () => {
  it('reads values inside or beside the time, in the order of the channels', async () => {
    const lines = [
      '{"time":1700000000,"values":{"b":2,"a":1}}',
      '{"time":"2023-11-14T22:13:21Z","a":3,"b":null}',
      '{"time":1700000002000,"b":5}',
    ];
    const { source } = open(Readable.from([lines.join('\n')]), ['a[V]', 'b']);
    expect(source.channels).toEqual([
      { id: 'a', unit: 'V' },
      { id: 'b', unit: '' },
    ]);
    const samples = await collect(source);
    expect(samples.map(({ timeMs, values }) => [timeMs, ...values])).toEqual([
      [1_700_000_000_000, 1, 2],
      [1_700_000_001_000, 3, Number.NaN],
      [1_700_000_002_000, Number.NaN, 5],
    ]);
  });

  it('finds its channels in the first line it can read', async () => {
    const { source } = open(Readable.from(['nonsense\n{"a[V]":1,"name":"x","b":null}\n']));
    const before = Date.now();
    const [sample] = await collect(source);
    expect(source.channels).toEqual([
      { id: 'a', unit: 'V' },
      { id: 'b', unit: '' },
    ]);
    expect([...(sample?.values ?? [])]).toEqual([1, Number.NaN]);
    expect(sample?.timeMs).toBeGreaterThanOrEqual(before);
  });

  it('counts lines it cannot read and goes on', async () => {
    const lines = [
      'not json',
      '[1]',
      '{"time":"soon","a":1}',
      '{"time":1,"a":"hot"}',
      '',
      '{"time":2,"a":4}',
    ];
    const { source, told } = open(Readable.from([`${lines.join('\n')}\n`]), ['a']);
    const samples = await collect(source);
    expect(samples.map(({ values }) => values[0])).toEqual([Number.NaN, 4]);
    expect(told[0]).toBe('stdin line 1 is not a JSON object: not json');
    expect(told[1]).toContain('line 4 has "hot" for channel \'a\'');
    expect(told[1]).toContain('and 2 more before it');
  });

  it('leaves out a line whose time is in a unit that was not said (#18)', async () => {
    const lines = [
      '{"time":1764470000000000000,"a":1}',
      '{"time":1e400,"a":2}',
      '{"time":2,"a":3}',
    ];
    const { source, told } = open(Readable.from([lines.join('\n')]), ['a']);
    expect((await collect(source)).map(({ values }) => values[0])).toEqual([3]);
    expect(told[0]).toBe(
      "stdin line 1 has the time '1764470000000000000', which looks like nanoseconds, expected milliseconds: set timeUnit, or divide it by 1e6",
    );
    expect(told[1]).toContain("line 2 has the time 'Infinity', expected an ISO 8601 or Unix time");
  });

  it('reads the unit that was said', async () => {
    const lines = Readable.from(['{"time":1764470000000250000,"a":1}\n{"time":1e20,"a":1}']);
    const { source, told } = open(lines, ['a'], 'ns');
    expect((await collect(source)).map(({ timeMs }) => timeMs)).toEqual([1_764_470_000_000.25]);
    expect(told[0]).toContain("line 2 has the time '100000000000000000000', expected nanoseconds");
  });

  it('ends when it is stopped although the input stays open', async () => {
    const input = new PassThrough();
    input.write('{"time":1,"a":1}\n');
    const { source } = open(input, ['a']);
    expect(await collect(source, 1)).toHaveLength(1);
    expect(input.destroyed).toBe(true);
  });

  it('ends at once when it was stopped before', async () => {
    const samples = [];
    for await (const sample of open(new PassThrough(), ['a']).source.samples(AbortSignal.abort())) {
      samples.push(sample);
    }
    expect(samples).toEqual([]);
  });
});
