import modbus from 'modbus-serial';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SourceError } from '../../../src/core/errors.ts';
import type { Source } from '../../../src/core/source.ts';
import { modbusSource } from '../../../src/io/sources/modbus.ts';
import { collect } from '../collect.ts';
import { freePort } from '../mosquitto.ts';
import { hasSocat, openPseudoTerminals } from '../pseudo-terminals.ts';
import { startReading } from '../reading.ts';
import { modbusServer, silentServer } from './modbus/modbus-server.ts';

function open(connection: object, registers: object[], options: object = {}) {
  const told: string[] = [];
  const parsed = modbusSource.options.parse({ connection, registers, intervalMs: 50, ...options });
  const source = modbusSource.create(parsed, {
    streamId: 'meter',
    warn: (message) => told.push(message),
  });
  return { source, told };
}

const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port });
const first = async (source: Source) => [...((await collect(source, 1))[0]?.values ?? [])];

const meter = { 0: 0x4366, 1: 0x4000, 2: 65_526, 10: 0x4000, 11: 0x4366 };

describe('modbus source over TCP', () => {
  it('reads registers and bits of several units, in the order of the map', async () => {
    const server = await modbusServer(meter);
    const { source, told } = open(tcp(server.port), [
      { name: 'power[W]', address: 2, type: 'int16', scale: 10 },
      { name: 'voltage[V]', address: 0, type: 'float32' },
      { name: 'swapped[V]', address: 10, type: 'float32', wordOrder: 'low-first', unitId: 7 },
      { name: 'input', address: 2, function: 'input' },
      { name: 'coil', address: 3, function: 'coil' },
      { name: 'even', address: 4, function: 'coil' },
      { name: 'discrete', address: 9, function: 'discrete' },
    ]);
    expect(source.channels[1]).toEqual({ id: 'voltage', unit: 'V' });
    expect(source.live).toBe(true);
    const [sample] = await collect(source, 1);
    expect([...(sample?.values ?? [])]).toEqual([-100, 230.25, 230.25, 65_526, 1, 0, 1]);
    expect((sample?.timeMs ?? 1) % 50).toBe(0);
    expect(server.asked.slice(0, 3)).toEqual(['1 holding 0+3', '1 input 2+1', '7 holding 10+2']);
    expect(told).toEqual([]);
  });

  it('has no reading of what the device refuses, and says so', async () => {
    const server = await modbusServer(meter);
    const registers = [
      { name: 'a', address: 2 },
      { name: 'b', address: 400 },
    ];
    const { source, told } = open(tcp(server.port), registers);
    expect(await first(source)).toEqual([65_526, Number.NaN]);
    expect(told[0]).toMatch(/^source modbus: unit 1, 1 of holding from 400: Modbus exception 2/);
  });

  it('calls again when the device has hung up between two readings', async () => {
    const server = await modbusServer(meter);
    const { source, told } = open(tcp(server.port), [{ name: 'a', address: 2 }], {
      intervalMs: 200,
    });
    const values: number[] = [];
    const stop = new AbortController();
    for await (const sample of source.samples(stop.signal)) {
      if (values.push(sample.values[0] ?? Number.NaN) === 3) stop.abort();
      else server.hangUp();
    }
    expect(values).toEqual([65_526, 65_526, 65_526]);
    expect(told).toEqual([]);
  });

  it('fails when the device goes, and reads on when opened again', async () => {
    const server = await modbusServer(meter);
    const { source } = open(tcp(server.port), [{ name: 'a', address: 2 }], { timeoutMs: 200 });
    const { samples, ended } = startReading(source);
    await expect.poll(() => samples.length).toBeGreaterThan(0);
    await server.stop();
    await expect(ended).rejects.toThrow(SourceError);
    await expect(ended).rejects.toThrow(/does not answer|ECONNREFUSED/);
    await expect(collect(source, 1)).rejects.toThrow('cannot be opened: connect ECONNREFUSED');
    await modbusServer(meter, server.port);
    expect(await first(source)).toEqual([65_526]);
  });

  it('fails when nobody answers, and does not wait for an answer when it is stopped', async () => {
    const port = await silentServer();
    const registers = [{ name: 'a', address: 2 }];
    await expect(collect(open(tcp(port), registers, { timeoutMs: 60 }).source)).rejects.toThrow(
      `source modbus: 127.0.0.1:${port} does not answer`,
    );
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    const patient = open(tcp(port), registers, { timeoutMs: 60_000 }).source;
    const samples = [];
    for await (const sample of patient.samples(stop.signal)) samples.push(sample);
    expect(samples).toEqual([]); // in less than the time of a test, a third of its own
  });

  it('says that there is no device', async () => {
    const port = await freePort();
    await expect(collect(open(tcp(port), [{ name: 'a', address: 0 }]).source)).rejects.toThrow(
      `source modbus: 127.0.0.1:${port} cannot be opened`,
    );
  });
});

describe('modbus source over a serial line', () => {
  it.skipIf(!hasSocat)('reads over a pair of pseudo-terminals (needs socat)', async () => {
    const line = await openPseudoTerminals();
    onTestFinished(line.close);
    const server = new modbus.ServerSerial(
      { getMultipleHoldingRegisters: (_address: number, length: number) => Array(length).fill(7) },
      { path: line.far, baudRate: 9600, unitID: 3 },
    );
    server.on('error', () => undefined);
    await new Promise((resolve) => server.on('initialized', resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const { source } = open({ kind: 'rtu', path: line.near }, [
      { name: 'a', address: 5, type: 'uint32', unitId: 3 },
    ]);
    expect(await first(source)).toEqual([7 * 65_536 + 7]);
  });

  it('says that there is no such line', async () => {
    const { source } = open({ kind: 'rtu', path: '/dev/no-such-tty' }, [{ name: 'a', address: 0 }]);
    await expect(collect(source)).rejects.toThrow(
      'source modbus: /dev/no-such-tty cannot be opened',
    );
  });
});
