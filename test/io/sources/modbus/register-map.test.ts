import { describe, expect, it } from 'vitest';
import {
  planBlocks,
  type Register,
  registerOptions,
  valueOfRegister,
} from '../../../../src/io/sources/modbus/register-map.ts';

const register = (options: object): Register =>
  registerOptions.parse({ name: 'x', address: 0, ...options });

/** The value of a register whose answer is these bytes. */
function decoded(options: object, ...bytes: number[]): number {
  const one = register(options);
  const [block] = planBlocks([one]);
  if (!block) throw new RangeError('no block');
  return valueOfRegister(one, block, Buffer.from(bytes));
}

describe('register map', () => {
  it('reads neighbours in one request and never across a gap', () => {
    const blocks = planBlocks([
      register({ address: 10, type: 'float32' }),
      register({ address: 0 }),
      register({ address: 12 }),
      register({ address: 14 }),
      register({ address: 1, type: 'int32' }),
      register({ address: 3, function: 'input' }),
      register({ address: 3, unitId: 2 }),
    ]);
    expect(blocks.map((block) => Object.values(block))).toEqual([
      [1, 'holding', 0, 3, [1, 4]],
      [1, 'holding', 10, 3, [0, 2]],
      [1, 'holding', 14, 1, [3]],
      [1, 'input', 3, 1, [5]],
      [2, 'holding', 3, 1, [6]],
    ]);
  });

  it('asks for no more than a request may hold, and for a register twice named only once', () => {
    const many = Array.from({ length: 130 }, (_, address) => register({ address }));
    expect(planBlocks(many).map(({ address, length }) => [address, length])).toEqual([
      [0, 125],
      [125, 5],
    ]);
    const twice = [register({ address: 4, type: 'uint32' }), register({ address: 5 })];
    expect(planBlocks(twice).map(({ length }) => length)).toEqual([2]);
    const coils = Array.from({ length: 200 }, (_, at) =>
      register({ address: at, function: 'coil' }),
    );
    expect(planBlocks(coils)).toHaveLength(1);
  });

  it('reads each type, high byte first', () => {
    expect(decoded({ type: 'uint16' }, 0xff, 0xfe)).toBe(65_534);
    expect(decoded({ type: 'int16' }, 0xff, 0xfe)).toBe(-2);
    expect(decoded({ type: 'uint32' }, 0x80, 0, 0, 1)).toBe(2_147_483_649);
    expect(decoded({ type: 'int32' }, 0xff, 0xff, 0xff, 0xf6)).toBe(-10);
    expect(decoded({ type: 'float32' }, 0x43, 0x66, 0x40, 0)).toBe(230.25);
    expect(decoded({ type: 'float32' }, 0x7f, 0xc0, 0, 0)).toBeNaN();
  });

  it('puts the words in the order the device sends them, and scales', () => {
    expect(decoded({ type: 'float32', wordOrder: 'low-first' }, 0x40, 0, 0x43, 0x66)).toBe(230.25);
    expect(decoded({ type: 'uint32', wordOrder: 'low-first' }, 0, 1, 0x80, 0)).toBe(2_147_483_649);
    expect(decoded({ wordOrder: 'low-first' }, 0x12, 0x34)).toBe(0x1234);
    expect(decoded({ type: 'int16', scale: 0.5, offset: 20 }, 0xff, 0xf6)).toBe(15);
  });

  it('gives 0 and 1 for bits', () => {
    expect(decoded({ function: 'coil' }, 1)).toBe(1);
    expect(decoded({ function: 'discrete', scale: 100 }, 1)).toBe(100);
  });
});
