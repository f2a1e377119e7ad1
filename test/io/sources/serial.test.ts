import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { SerialPortMock } from 'serialport';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DeviceError, SourceError } from '../../../src/core/errors.ts';
import { createSerialSource, serialSource } from '../../../src/io/sources/serial.ts';
import { collect } from '../collect.ts';
import { hasSocat, openPseudoTerminals } from '../pseudo-terminals.ts';
import { startReading } from '../reading.ts';

type Ports = Parameters<typeof createSerialSource>[2];

const parse = (options: object) =>
  serialSource.options.parse(options) as Parameters<typeof createSerialSource>[0];

/** The library's own stand-in for a driver, and what it was opened with. */
function mock(path: string) {
  const opened: SerialPortMock[] = [];
  SerialPortMock.binding.reset();
  SerialPortMock.binding.createPort(path);
  class Port extends SerialPortMock {
    constructor(options: ConstructorParameters<typeof SerialPortMock>[0]) {
      super(options);
      opened.push(this);
    }
  }
  const ports = {
    name: 'serialport',
    install: 'npm install serialport',
    load: () => Promise.resolve({ SerialPort: Port }),
  } as unknown as Ports;
  const send = (text: string): void => opened.at(-1)?.port?.emitData(text);
  return { ports, opened, send };
}

function open(path: string, ports: Ports, options: object = {}) {
  const told: string[] = [];
  const source = createSerialSource(
    parse({ path, ...options }),
    {
      streamId: 'scale',
      warn: (message) => told.push(message),
    },
    ports,
  );
  return { source, told, ...startReading(source) };
}

describe('serial source', () => {
  it('reads whole lines as they come, with the settings of the line', async () => {
    const { ports, opened, send } = mock('/dev/ttyTEST');
    const { source, samples, stop, ended } = open('/dev/ttyTEST', ports, {
      baudRate: 115_200,
      parity: 'even',
      channels: [
        { name: 'weight[kg]', key: 'W' },
        { name: 'temp[°C]', key: 'T' },
      ],
    });
    expect(source.channels[0]).toEqual({ id: 'weight', unit: 'kg' });
    await expect.poll(() => opened[0]?.isOpen).toBe(true);
    expect(opened[0]?.settings).toMatchObject({ baudRate: 115_200, parity: 'even' });
    send('5 T=99\r\nW=1');
    send('2.5 T=21\r\n\r\nT=22\r\n');
    await expect.poll(() => samples.length).toBe(2);
    expect(samples.map(({ values }) => [...values])).toEqual([
      [12.5, 21],
      [Number.NaN, 22],
    ]);
    stop.abort();
    await ended;
    expect(opened[0]?.isOpen).toBe(false);
  });

  it('finds its channels in the first line it can read', async () => {
    const { ports, opened, send } = mock('/dev/ttyTEST');
    const { source, samples, told } = open('/dev/ttyTEST', ports);
    await expect.poll(() => opened[0]?.isOpen).toBe(true);
    send('}\n# ready\n{"level":3.5}\n');
    await expect.poll(() => samples.length).toBe(1);
    expect(source.channels).toEqual([{ id: 'level', unit: '' }]);
    expect(told[0]).toContain('source serial: /dev/ttyTEST: no values in "# ready"');
  });

  it('fails when the line is unplugged, and can be opened again', async () => {
    const { ports, opened, send } = mock('/dev/ttyTEST');
    const { source, ended } = open('/dev/ttyTEST', ports);
    await expect.poll(() => opened[0]?.isOpen).toBe(true);
    opened[0]?.close(undefined, Object.assign(new Error('disconnected'), { disconnected: true }));
    await expect(ended).rejects.toThrow(SourceError);
    await expect(ended).rejects.toThrow('source serial: /dev/ttyTEST was');
    const again = collect(source, 1);
    await expect.poll(() => opened[1]?.isOpen).toBe(true);
    send('\n1\n');
    expect((await again)[0]?.values).toEqual(Float64Array.of(1));
  });

  it('fails when the line has hung up and the driver goes on reading nothing', async () => {
    const { ports, opened } = mock('/dev/ttyTEST');
    const { ended } = open('/dev/ttyTEST', ports);
    await expect.poll(() => opened[0]?.isOpen).toBe(true);
    const binding = opened[0]?.port as { drain(): Promise<void> };
    binding.drain = () => Promise.reject(new Error('Error: Input/output error, cannot drain'));
    await expect(ended).rejects.toThrow('source serial: /dev/ttyTEST was closed: is it still');
    expect(opened[0]?.isOpen).toBe(false);
  });

  it('ends when it is stopped while the line is being opened', async () => {
    const { ports, opened } = mock('/dev/ttyTEST');
    const { stop, ended, samples } = open('/dev/ttyTEST', ports);
    stop.abort();
    await ended;
    expect(opened.map(({ isOpen }) => isOpen)).toEqual([false]);
    expect(samples).toEqual([]);
  });

  it('says that there is no such line, and which package is missing', async () => {
    const { ports } = mock('/dev/ttyOTHER');
    await expect(open('/dev/ttyTEST', ports).ended).rejects.toThrow(
      /^source serial: \/dev\/ttyTEST cannot be opened \(.*\): is it plugged in/,
    );
    const absent = Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
    const missing = open('/dev/ttyTEST', { ...ports, load: () => Promise.reject(absent) }).ended;
    await expect(missing).rejects.toThrow(DeviceError);
    await expect(missing).rejects.toThrow(
      'source serial needs the package serialport, which is not installed: npm install serialport',
    );
  });

  it.skipIf(!hasSocat)(
    'reads a pseudo-terminal through the real driver (needs socat)',
    async () => {
      const line = await openPseudoTerminals();
      onTestFinished(line.close);
      const source = serialSource.create(parse({ path: line.near }), { streamId: 'scale' });
      const instrument = createWriteStream(line.far);
      instrument.on('error', () => undefined); // it is unplugged in the end
      const timer = setInterval(() => instrument.write('1.5 2.5\r\n'), 20);
      onTestFinished(() => {
        clearInterval(timer);
        instrument.destroy();
      });
      expect((await collect(source, 2))[1]?.values).toEqual(Float64Array.of(1.5, 2.5));
      line.close();
      await expect(collect(source)).rejects.toThrow(SourceError);
    },
  );

  it.skipIf(!hasSocat)('fails also when the line is unplugged in the middle of much', async () => {
    for (let round = 0; round < 4; round++) {
      const line = await openPseudoTerminals();
      onTestFinished(line.close);
      const source = serialSource.create(parse({ path: line.near }), { streamId: 'scale' });
      const { samples, ended } = startReading(source);
      const instrument = spawn('sh', ['-c', `while echo 12345678; do :; done > ${line.far}`]);
      onTestFinished(() => void instrument.kill('SIGKILL'));
      await expect.poll(() => samples.length).toBeGreaterThan(100);
      line.close();
      await expect(ended).rejects.toThrow(SourceError);
    }
  });
});
