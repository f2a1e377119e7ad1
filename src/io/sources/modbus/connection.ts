// One connection to a Modbus device or gateway, with the package modbus-serial.
import type { default as ModbusRTU } from 'modbus-serial';
import { z } from 'zod';
import { SourceError } from '../../../core/errors.ts';
import { loadOptional } from '../../../core/optional-package.ts';
import { serialPackage, serialPortShape } from '../serial-port.ts';
import type { Block } from './register-map.ts';

export const connectionOptions = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('tcp').describe('Modbus TCP'),
      host: z.string().min(1).describe('name or address of the device or gateway'),
      port: z.number().int().min(1).max(65_535).default(502).describe('TCP port'),
    }),
    z.strictObject({
      kind: z.literal('rtu').describe('Modbus RTU on a serial line'),
      ...serialPortShape,
    }),
  ])
  .describe('how the device is reached');

export type ConnectionOptions = z.infer<typeof connectionOptions>;

export interface ModbusConnection {
  /** 2 bytes a register, or 1 a bit. Throws what the package throws: see `refusalOf`. */
  read(block: Block): Promise<Buffer>;
  readonly open: boolean;
  close(): Promise<void>;
}

/** The exception that a device answered with; undefined for other errors. */
export function refusalOf(error: unknown): string | undefined {
  const { modbusCode, message } = error as { modbusCode?: number; message: string };
  return modbusCode === undefined ? undefined : message;
}

/** After this time the connection is closed by force. */
const CLOSING_MS = 500;

const modbusPackage = {
  name: 'modbus-serial',
  install: 'npm install modbus-serial',
  load: () => import('modbus-serial'),
};

/** Throws `SourceError` when there is no connection within `timeoutMs`, `DeviceError` when a package is missing. */
export async function connect(
  options: ConnectionOptions,
  timeoutMs: number,
): Promise<ModbusConnection> {
  // a CommonJS package whose default export is itself
  const { default: ModbusRTU } = (await loadOptional(modbusPackage, 'source modbus')).default;
  if (options.kind === 'rtu') await loadOptional(serialPackage, 'source modbus over rtu');
  const client = new ModbusRTU();
  client.on('error', () => undefined); // a missing answer is reported by its time-out
  client.setTimeout(timeoutMs);
  try {
    if (options.kind === 'tcp') await client.connectTCP(options.host, { port: options.port });
    else {
      const { path, kind: _, ...line } = options;
      await client.connectRTUBuffered(path, line);
    }
  } catch (cause) {
    await close(client);
    throw new SourceError(
      `source modbus: ${shownConnection(options)} cannot be opened: ${(cause as Error).message}`,
      { code: 'SEN_SRC_PORT', cause },
    );
  }
  return {
    read: (block) => read(client, block),
    get open() {
      return client.isOpen;
    },
    close: () => close(client),
  };
}

export function shownConnection(options: ConnectionOptions): string {
  return options.kind === 'tcp' ? `${options.host}:${options.port}` : options.path;
}

type Client = InstanceType<typeof ModbusRTU.default>;

async function read(client: Client, { unitId, table, address, length }: Block): Promise<Buffer> {
  client.setID(unitId);
  switch (table) {
    case 'holding':
      return (await client.readHoldingRegisters(address, length)).buffer;
    case 'input':
      return (await client.readInputRegisters(address, length)).buffer;
    case 'coil':
      return bits((await client.readCoils(address, length)).data);
    case 'discrete':
      return bits((await client.readDiscreteInputs(address, length)).data);
  }
}

function bits(data: readonly boolean[]): Buffer {
  return Buffer.from(data.map(Number));
}

async function close(client: Client): Promise<void> {
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => {
      client.destroy(() => undefined);
      resolve();
    }, CLOSING_MS);
    client.close(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
