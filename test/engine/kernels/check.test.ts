import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../src/core/errors.ts';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { wasmTape } from '../../../src/engine/kernels/wasm.ts';
import { scale } from '../../../src/engine/ops/elements.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { encode } from '../../../src/models/encoder.ts';

/** Attention of 256 rows to each other, 16 heads, 1024 windows at once. */
function tooLarge() {
  const tape = new Tape();
  const heads = Array(16).fill({ op: 'attention', form: 'scaled' });
  const point = { layers: [{ hidden: 64, heads, feedForward: [64] }] };
  const output = encode(tape, point, tape.input([1024, 256, 8]), { patch: 1 });
  return { tape, options: { outputs: [output] } };
}

const REFUSED =
  /^the network needs \d{4} MB, the engine has 1024: take a smaller batch or network$/;

describe('a network that is too large', () => {
  it('is refused before the engine is asked for memory', () => {
    const asked: number[] = [];
    const engine = wasmTape('wasm-simd', (bytes) => {
      asked.push(bytes);
      throw new Error('nobody has so much');
    });
    const { tape, options } = tooLarge();
    expect(() => compile(tape, engine, options)).toThrow(DeviceError);
    expect(asked).toEqual([]);
  });

  it.each(['wasm-simd', 'plain'] as const)(
    'is refused in one line, and costs nothing: %s',
    async (name) => {
      const kernels = await loadKernels(name);
      const { tape, options } = tooLarge();
      const before = process.memoryUsage().arrayBuffers;
      expect(() => kernels.compile(tape, options)).toThrow(DeviceError);
      expect(() => kernels.compile(tape, options)).toThrow(REFUSED);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
    },
  );

  it('leaves an engine that goes on with what fits', async () => {
    const kernels = await loadKernels('wasm-simd');
    const { tape: large, options } = tooLarge();
    expect(() => kernels.compile(large, options)).toThrow(DeviceError);
    const tape = new Tape();
    const x = tape.input([3]);
    const y = scale(tape, x, 2);
    const program = kernels.compile(tape, { outputs: [y] });
    program.valuesOf(x).set([1, 2, 3]);
    program.forward();
    expect([...program.valuesOf(y)]).toEqual([2, 4, 6]);
  });
});
