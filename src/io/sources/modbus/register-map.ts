// Which registers are read together, and the types of their bytes, which Modbus itself does not define.
import { z } from 'zod';

/** Table of a device -> whether it holds registers or bits, and the most one request may ask for. */
const TABLES = {
  holding: { bits: false, most: 125 },
  input: { bits: false, most: 125 },
  coil: { bits: true, most: 2000 },
  discrete: { bits: true, most: 2000 },
} as const;

/** Type -> registers it takes and how their bytes are read, high byte first. */
const TYPES = {
  int16: { registers: 1, read: (bytes: Buffer) => bytes.readInt16BE() },
  uint16: { registers: 1, read: (bytes: Buffer) => bytes.readUInt16BE() },
  int32: { registers: 2, read: (bytes: Buffer) => bytes.readInt32BE() },
  uint32: { registers: 2, read: (bytes: Buffer) => bytes.readUInt32BE() },
  float32: { registers: 2, read: (bytes: Buffer) => bytes.readFloatBE() },
} as const;

export const registerOptions = z.strictObject({
  name: z.string().min(1).describe('channel as name[unit]'),
  address: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .describe('address as it is sent, from 0 on: what manuals call 40001 is holding 0'),
  function: z
    .enum(['holding', 'input', 'coil', 'discrete'])
    .default('holding')
    .describe(
      'table, and so the function it is read with: holding registers (3), input registers (4), coils (1), discrete inputs (2)',
    ),
  type: z
    .enum(['int16', 'uint16', 'int32', 'uint32', 'float32'])
    .default('uint16')
    .describe('what registers hold; coils and discrete inputs are 0 or 1'),
  wordOrder: z
    .enum(['high-first', 'low-first'])
    .default('high-first')
    .describe('which of the two registers of a 32-bit value has the lower address'),
  scale: z.number().default(1).describe('the number is multiplied by this'),
  offset: z.number().default(0).describe('and this is added'),
  unitId: z
    .number()
    .int()
    .min(0)
    .max(255)
    .default(1)
    .describe('device on the bus, or behind a gateway'),
});

export type Register = z.infer<typeof registerOptions>;

/** One request, and the registers that its answer holds. */
export interface Block {
  readonly unitId: number;
  readonly table: Register['function'];
  readonly address: number;
  readonly length: number;
  /** Places in the register map. */
  readonly indices: readonly number[];
}

/** The fewest requests without gaps: many devices refuse an address that they do not have. */
export function planBlocks(registers: readonly Register[]): Block[] {
  const sorted = registers
    .map((register, index) => ({ ...register, index, length: lengthOf(register) }))
    .sort((a, b) => a.unitId - b.unitId || order(a.function, b.function) || a.address - b.address);
  const blocks: (Block & { length: number; indices: number[] })[] = [];
  for (const { unitId, function: table, address, length, index } of sorted) {
    const last = blocks.at(-1);
    const end = Math.max(address + length, last ? last.address + last.length : 0);
    const joins =
      last?.unitId === unitId &&
      last.table === table &&
      address <= last.address + last.length &&
      end - last.address <= TABLES[table].most;
    if (last && joins) {
      last.length = end - last.address;
      last.indices.push(index);
    } else blocks.push({ unitId, table, address, length, indices: [index] });
  }
  return blocks;
}

/** The value of one register in the answer to its block: 2 bytes a register, or 1 a bit. */
export function valueOfRegister(register: Register, block: Block, answer: Buffer): number {
  const { type, wordOrder, scale, offset } = register;
  const place = register.address - block.address;
  if (TABLES[register.function].bits) return (answer[place] ?? Number.NaN) * scale + offset;
  const bytes = answer.subarray(2 * place, 2 * (place + TYPES[type].registers));
  const inOrder =
    wordOrder === 'low-first' && bytes.length === 4
      ? Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)])
      : bytes;
  const value = TYPES[type].read(inOrder);
  return Number.isFinite(value) ? value * scale + offset : Number.NaN;
}

function lengthOf({ function: table, type }: Register): number {
  return TABLES[table].bits ? 1 : TYPES[type].registers;
}

function order(a: Register['function'], b: Register['function']): number {
  const tables = Object.keys(TABLES);
  return tables.indexOf(a) - tables.indexOf(b);
}
