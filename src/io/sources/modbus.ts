// Registers of field devices: meters, inverters, drives, controllers.
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { race } from '../../core/race.ts';
import { parseChannel } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { createFaultCounter, type FaultCounter } from '../timing/fault-counter.ts';
import { dueTimes } from './due-times.ts';
import {
  connect,
  connectionOptions,
  type ModbusConnection,
  refusalOf,
  shownConnection,
} from './modbus/connection.ts';
import {
  type Block,
  planBlocks,
  type Register,
  registerOptions,
  valueOfRegister,
} from './modbus/register-map.ts';
import type { SourceContext, SourcePlugin } from './source-plugin.ts';

const modbusOptions = z.strictObject({
  connection: connectionOptions,
  registers: z.array(registerOptions).min(1).describe('what to read, and what it means'),
  intervalMs: z
    .number()
    .int()
    .min(50)
    .default(1000)
    .describe('time between samples, ms')
    .meta({ unit: 'ms' }),
  timeoutMs: z
    .number()
    .int()
    .positive()
    .default(1000)
    .describe('how long to wait for a connection and for each answer, ms')
    .meta({ unit: 'ms' }),
});

type ModbusOptions = z.infer<typeof modbusOptions>;

/** Polls registers. A refused or unanswered request gives no reading; the source fails when no request is answered. */
export const modbusSource: SourcePlugin<ModbusOptions> = {
  kind: 'modbus',
  summary:
    'registers of Modbus devices, over TCP or a serial line; needs the package modbus-serial',
  options: modbusOptions,
  create: createModbusSource,
};

function createModbusSource(options: ModbusOptions, context: SourceContext): Source {
  const { streamId, warn = () => undefined } = context;
  const blocks = planBlocks(options.registers);
  return {
    id: `modbus:${shownConnection(options.connection)}`,
    channels: options.registers.map(({ name }) => parseChannel(name)),
    live: true,
    async *samples(signal) {
      if (signal.aborted) return;
      const faults = createFaultCounter(warn);
      let connection = await connect(options.connection, options.timeoutMs);
      try {
        for await (const timeMs of dueTimes(options.intervalMs, signal)) {
          // many devices close a connection that was idle for a while
          if (!connection.open) connection = await connect(options.connection, options.timeoutMs);
          const values = await ask(options, blocks, connection, faults, signal);
          if (signal.aborted) return;
          yield { streamId, timeMs, values };
        }
      } finally {
        faults.flush();
        await connection.close();
      }
    },
  };
}

/**
 * One reading of all registers, one request after the other, as a bus needs it. Throws `SourceError` when none is answered;
 * a refusal is an answer.
 */
async function ask(
  { registers, connection: options }: ModbusOptions,
  blocks: readonly Block[],
  connection: ModbusConnection,
  faults: FaultCounter,
  signal: AbortSignal,
): Promise<Float64Array> {
  const values = new Float64Array(registers.length).fill(Number.NaN);
  let answered = 0;
  for (const block of blocks) {
    // a silent device must not delay a stop
    const answer = await race(request(block, connection, faults), { signal });
    if (signal.aborted) return values;
    if (answer !== undefined) answered += 1;
    if (answer instanceof Buffer) spread(answer, block, registers, values);
  }
  if (answered > 0) return values;
  throw new SourceError(
    `source modbus: ${shownConnection(options)} does not answer: check the line, the unit id and timeoutMs`,
    { code: 'SEN_SRC_NO_ANSWER' },
  );
}

/** The answer, 'refused', or undefined when there is none. */
async function request(
  block: Block,
  connection: ModbusConnection,
  faults: FaultCounter,
): Promise<Buffer | 'refused' | undefined> {
  try {
    return await connection.read(block);
  } catch (error) {
    const refusal = refusalOf(error);
    const { unitId, table, address, length } = block;
    faults.count(
      `source modbus: unit ${unitId}, ${length} of ${table} from ${address}: ${refusal ?? (error as Error).message}`,
    );
    return refusal === undefined ? undefined : 'refused';
  }
}

function spread(
  answer: Buffer,
  block: Block,
  registers: readonly Register[],
  into: Float64Array,
): void {
  for (const index of block.indices) {
    const register = registers[index];
    if (register) into[index] = valueOfRegister(register, block, answer);
  }
}
