// Lines that an instrument sends over a serial line: scales, weather stations, microcontrollers.
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { loadOptional, type OptionalPackage } from '../../core/optional-package.ts';
import type { Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { lineBatches } from '../text/lines.ts';
import { createValueReader, type ValueReader, valueReaderShape } from '../text/value-reader.ts';
import { createFaultCounter } from '../timing/fault-counter.ts';
import { serialPackage, serialPortShape } from './serial-port.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const serialOptions = z.strictObject({ ...serialPortShape, ...valueReaderShape });

/**
 * The package misses a line that hangs up while it is being read: it then reads nothing again and again, with a core of its own
 * (serialport/bindings-cpp#162). Such a line refuses to be drained; on another one draining changes nothing, as nothing is sent.
 */
const HANG_UP_CHECK_MS = 1000;

export type SerialOptions = z.infer<typeof serialOptions>;

/** Each line is a sample, with the time of its arrival. An unplugged device ends the source, which is reopened. */
export const serialSource: SourcePlugin<SerialOptions> = {
  kind: 'serial',
  summary: 'lines of numbers, JSON or key=value on a serial line; needs the package serialport',
  options: serialOptions,
  create: (options, context) => createSerialSource(options, context, serialPackage),
};

/** The used part of the package. */
type Ports = Pick<Awaited<ReturnType<typeof serialPackage.load>>, 'SerialPort'>;
type Port = InstanceType<Ports['SerialPort']>;

export function createSerialSource(
  options: SerialOptions,
  { streamId, warn = () => undefined }: SourceContext,
  ports: OptionalPackage<Ports>,
): Source {
  const where = `source serial: ${options.path}`;
  const faults = createFaultCounter(warn);
  const reader = createValueReader(options, where, faults);
  return {
    id: `serial:${options.path}`,
    get channels() {
      return reader.channels;
    },
    live: true,
    async *samples(signal) {
      if (signal.aborted) return;
      const { SerialPort } = await loadOptional(ports, 'source serial');
      const port = await openPort(SerialPort, options);
      const stop = (): void => void port.destroy();
      signal.addEventListener('abort', stop, { once: true });
      const check = setInterval(() => checkLine(port, where), HANG_UP_CHECK_MS);
      if (signal.aborted) stop(); // while it was being opened
      try {
        yield* read(port, options.path, reader, { streamId, signal });
        throw unplugged(where);
      } catch (cause) {
        if (!signal.aborted) throw lost(where, cause);
      } finally {
        clearInterval(check);
        signal.removeEventListener('abort', stop);
        faults.flush();
        await closed(port);
      }
    },
  };
}

/** Without the first line, which may be incomplete. */
async function* read(
  port: Port,
  path: string,
  reader: ValueReader,
  { streamId, signal }: { readonly streamId: string; readonly signal: AbortSignal },
): AsyncGenerator<Sample> {
  for await (const { first, lines } of lineBatches(port, path)) {
    const whole = first === 1 ? lines.slice(1) : lines;
    for (const reading of reader.readLines(whole)) {
      if (signal.aborted) return;
      yield { streamId, ...reading };
    }
  }
}

function openPort(SerialPort: Ports['SerialPort'], options: SerialOptions): Promise<Port> {
  const { path, baudRate, dataBits, parity, stopBits } = options;
  const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, autoOpen: false });
  port.on('error', () => undefined); // the reader reports it; while the port is closed there is no reader
  return new Promise((resolve, reject) => {
    port.open((cause) => {
      if (!cause) resolve(port);
      else {
        const message = `source serial: ${path} cannot be opened (${cause.message}): is it plugged in, free, and may this user read it (group dialout)?`;
        reject(new SourceError(message, { code: 'SEN_SRC_PORT', cause }));
      }
    });
  });
}

function checkLine(port: Port, where: string): void {
  if (!port.isOpen) return;
  port.drain((cause) => {
    if (cause) port.destroy(unplugged(where));
  });
}

function lost(where: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_STREAM_PREMATURE_CLOSE') return unplugged(where);
  return new SourceError(`${where} was lost: ${(cause as Error).message}`, {
    code: 'SEN_SRC_PORT',
    cause,
  });
}

function unplugged(where: string): SourceError {
  return new SourceError(`${where} was closed: is it still plugged in?`, { code: 'SEN_SRC_PORT' });
}

/** The device is free again only once it is closed. */
function closed(port: Port): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) resolve();
    else port.close(() => resolve());
  });
}
