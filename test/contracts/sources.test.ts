// What every source must keep, whatever it reads.
import { existsSync, writeFile, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../src/core/sample.ts';
import type { Source } from '../../src/core/source.ts';
import { type EmbeddedBroker, startBroker } from '../../src/io/broker/embedded.ts';
import { sources } from '../../src/io/sources/index.ts';
import type { SourceContext } from '../../src/io/sources/source-plugin.ts';
import { hasSocat, openPseudoTerminals, type PseudoTerminals } from '../io/pseudo-terminals.ts';
import { fakeGpiod } from '../io/sources/gpio/fake-gpiod.ts';
import { type ModbusServer, startModbusServer } from '../io/sources/modbus/modbus-server.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { pluginsIn, undescribed } from './plugin-folder.ts';

interface Case {
  readonly skip?: boolean;
  /** Options of a source that gives at least three samples within seconds. */
  options(): object;
  context?(): Partial<SourceContext>;
}

let broker: EmbeddedBroker;
let meter: ModbusServer;
let line: PseudoTerminals | undefined;
let instrument: NodeJS.Timeout | undefined;
beforeAll(async () => {
  broker = await startBroker({ port: 0 });
  meter = await startModbusServer({ 0: 230 });
  line = hasSocat ? await openPseudoTerminals() : undefined;
  const far = line?.far;
  if (far) instrument = setInterval(() => writeFile(far, '1.5 2.5\n', () => undefined), 20);
});
afterAll(async () => {
  clearInterval(instrument);
  line?.close();
  await meter.stop();
  await broker.close();
});

const CASES: Readonly<Record<string, Case>> = {
  csv: {
    options() {
      const path = join(tempFolder(), 'data.csv');
      writeFileSync(path, 'time,a[V],b\n1,2,3\n2,,4\n3,5,6\n');
      return { path };
    },
  },
  exec: {
    options: () => ({
      command: ['sh', '-c', 'for i in 1 2 3; do echo a=$i b=-$i; done; sleep 5'],
      mode: 'lines',
    }),
  },
  file: {
    options() {
      const path = join(tempFolder(), 'level');
      writeFileSync(path, '4.5\n');
      return { files: [{ name: 'level[m]', path }], intervalMs: 20 };
    },
  },
  gpio: {
    options: () => ({
      lines: [{ line: 17, channels: ['count', 'level'] }],
      gpiodFolder: fakeGpiod({
        monitor: "setInterval(() => { edge(1, 17, 'GPIO17'); edge(2, 17, 'GPIO17'); }, 10);",
      }),
      intervalMs: 50,
    }),
  },
  host: {
    skip: !existsSync('/proc/stat'),
    options: () => ({ intervalMs: 100 }),
  },
  modbus: {
    options: () => ({
      connection: { kind: 'tcp', host: '127.0.0.1', port: meter.port },
      registers: [{ name: 'power[W]', address: 0 }],
      intervalMs: 50,
    }),
  },
  mqtt: {
    options: () => ({
      channels: [
        { name: 'a[V]', topic: 'a/+' },
        { name: 'b', topic: 'b' },
      ],
      intervalMs: 20,
    }),
    context: () => ({
      broker: {
        url: broker.url,
        protocolVersion: 4,
        qos: 1,
        keepaliveS: 30,
        connectTimeoutMs: 5000,
      },
    }),
  },
  serial: {
    skip: !hasSocat,
    options: () => ({ path: line?.near ?? '/dev/ttyUSB0' }),
  },
  stdin: {
    options: () => ({}),
    context() {
      const input = new PassThrough();
      for (let i = 0; i < 3; i += 1) input.write(`{"time":${i},"a[V]":${i},"b":null}\n`);
      return { input };
    },
  },
};

async function take(source: Source, count: number): Promise<Sample[]> {
  const stop = new AbortController();
  const samples: Sample[] = [];
  for await (const sample of source.samples(stop.signal)) {
    samples.push(sample);
    if (samples.length === count) stop.abort();
  }
  return samples;
}

describe('sources', () => {
  it('are all in the registry, under their own kind', async () => {
    const registered = new Set<unknown>(sources.values());
    const found = await pluginsIn(new URL('../../src/io/sources/', import.meta.url));
    for (const [file, plugins] of found) {
      expect(plugins, `${file} exports no source`).not.toEqual([]);
      for (const plugin of plugins) {
        expect(registered.has(plugin), `${file} is missing from index.ts`).toBe(true);
        expect(sources.get(plugin.kind)).toBe(plugin);
      }
    }
    expect([...found.values()].flat()).toHaveLength(sources.size);
  });

  it('have a case here', () => {
    expect(Object.keys(CASES).sort()).toEqual([...sources.keys()].sort());
  });
});

describe.each([...sources.values()])('source $kind', ({ kind, summary, options, create }) => {
  const { skip = false, options: optionsOf, context } = CASES[kind] as Case;
  const open = (): Source =>
    create(options.parse(optionsOf()), { streamId: 'stream', ...context?.() });

  it('describes itself and each of its options, and refuses unknown ones', () => {
    expect(summary).not.toBe('');
    expect(undescribed(options)).toEqual([]);
    expect(options.safeParse({ ...optionsOf(), unheardOf: 1 }).success).toBe(false);
  });

  it.skipIf(skip)(
    'gives samples of its stream, as wide as its channels, and ends when stopped',
    async () => {
      const source = open();
      expect(source.id).toContain(kind);
      const samples = await take(source, 3);
      expect(samples).toHaveLength(3);
      expect(source.channels.length).toBeGreaterThan(0);
      expect(new Set(source.channels.map(({ id }) => id)).size).toBe(source.channels.length);
      for (const { streamId, timeMs, values } of samples) {
        expect(streamId).toBe('stream');
        expect(Number.isFinite(timeMs)).toBe(true);
        expect(values).toBeInstanceOf(Float64Array);
        expect(values).toHaveLength(source.channels.length);
        expect([...values].some((value) => Math.abs(value) === Infinity)).toBe(false);
      }
      const [first, second] = samples;
      expect(first?.values).not.toBe(second?.values); // a consumer may keep them
    },
  );

  it.skipIf(skip)('gives nothing when it was stopped before', async () => {
    const samples: Sample[] = [];
    for await (const sample of open().samples(AbortSignal.abort())) samples.push(sample);
    expect(samples).toEqual([]);
  });
});
