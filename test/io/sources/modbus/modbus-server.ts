import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import modbus from 'modbus-serial';
import { onTestFinished } from 'vitest';
import { freePort } from '../../mosquitto.ts';

export interface ModbusServer {
  readonly port: number;
  /** Requests so far, as `unit table address+length`. */
  readonly asked: string[];
  /** Ends the connections there are and takes new ones. */
  hangUp(): void;
  stop(): Promise<void>;
}

type Reply<T> = (error: Error | null, value: T) => void;

/** One that goes when the test ends. */
export async function modbusServer(
  holding: Readonly<Record<number, number>>,
  port?: number,
): Promise<ModbusServer> {
  const server = await startModbusServer(holding, port);
  onTestFinished(server.stop);
  return server;
}

/** The library's own server; an address that is not in `holding` is refused with exception 2. */
export async function startModbusServer(
  holding: Readonly<Record<number, number>>,
  at?: number,
): Promise<ModbusServer> {
  const port = at ?? (await freePort());
  const registers = new Map(Object.entries(holding).map(([key, value]) => [Number(key), value]));
  const asked: string[] = [];
  const answer = (
    request: string,
    address: number,
    length: number,
    reply: (error: Error | null, words: number[]) => void,
  ): void => {
    asked.push(request);
    const words = Array.from({ length }, (_, at) => registers.get(address + at) ?? Number.NaN);
    const refusal = Object.assign(new Error('no such register'), { modbusErrorCode: 2 });
    reply(words.some(Number.isNaN) ? refusal : null, words);
  };
  type Many = (address: number, length: number, unit: number, reply: Reply<number[]>) => void;
  type One = (address: number, unit: number, reply: Reply<number>) => void;
  // the library asks for one register in another way than for several
  const many =
    (table: string): Many =>
    (address, length, unit, reply) =>
      answer(`${unit} ${table} ${address}+${length}`, address, length, reply);
  const one =
    (table: string): One =>
    (address, unit, reply) =>
      answer(`${unit} ${table} ${address}+1`, address, 1, (error, [word = 0]) =>
        reply(error, word),
      );
  const server = new modbus.ServerTCP(
    {
      getMultipleHoldingRegisters: many('holding'),
      getHoldingRegister: one('holding'),
      getMultipleInputRegisters: many('input'),
      getInputRegister: one('input'),
      getCoil: (address: number) => address % 2 === 1,
      getDiscreteInput: (address: number) => address % 3 === 0,
    },
    { host: '127.0.0.1', port },
  );
  server.on('socketError', () => undefined);
  await once(server, 'initialized');
  const hangUp = (): void => {
    for (const socket of server.socks.keys()) socket.destroy();
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      hangUp();
      server.close(() => resolve());
    });
  return { port, asked, hangUp, stop };
}

/** A device that takes connections and says nothing. */
export async function silentServer(): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
