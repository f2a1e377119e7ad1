import { describe, expect, it } from 'vitest';
import { DEFAULT_POINT as HAND_MADE } from '../../../src/detectors/cnn/train.ts';
import { cnnBody, encoderBody, forecastNetwork } from '../../../src/detectors/networks/forecast.ts';
import { DEFAULT_POINT } from '../../../src/detectors/networks/training/options.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { compile } from '../../../src/engine/tape/program.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import type { Tensor } from '../../../src/engine/tape/tensor.ts';
import { macsOf } from '../../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../../src/lab/simulator/lowering/index.ts';
import { cnnMacs, cnnWidth } from '../../../src/models/cnn.ts';
import { type DesignPoint, HEADS, nameOf } from '../../../src/models/design-point.ts';
import { encode, encoderMacs } from '../../../src/models/encoder.ts';
import { opCases } from '../../contracts/op-cases.ts';
import { SEARCHED } from '../../models/cnn-points.ts';
import { countingEngine } from '../../models/counting-engine.ts';

describe('lowering', () => {
  it.each(Object.entries(opCases))(
    'multiplies as often as the engine for %s, both ways',
    (_, cases) => {
      for (const build of cases) {
        const tape = new Tape();
        const output = build(tape, (...shape) => tape.input(shape, { gradient: true }));
        const loss =
          output.size === 1 ? output : meanSquaredError(tape, output, tape.input(output.shape));
        expectCounted(tape, output, loss);
      }
    },
  );

  it.each(HEADS.map((head) => [nameOf(head), head] as const))(
    'multiplies as often as the engine for a whole encoder of %s heads, both ways',
    (_, head) => {
      const point = encoderOf(head);
      const tape = new Tape();
      const output = encode(tape, point, tape.input([2, 20, 3]), { patch: 1 });
      const loss = meanSquaredError(tape, output, tape.input(output.shape));
      expectCounted(tape, output, loss);
      const forward = lower({ tape: { steps: tape.steps.slice(0, -1) }, outputs: [output] });
      expect(total(forward)).toBe(2 * encoderMacs(point, { rows: 20, width: 3, patch: 1 }));
    },
  );

  it.each([
    ['the hand-made CNN', HAND_MADE],
    ['a searched CNN', SEARCHED],
  ])('multiplies as often as is counted from the design of %s', (_, point) => {
    const network = forecastNetwork(cnnBody({ point }), { rows: 24, horizon: 1 }, 3, 1);
    const macs = total(lower({ tape: network.tape, outputs: [network.output] }));
    expect(macs).toBe(cnnMacs(point, { rows: 24, width: 3 }) + cnnWidth(point) * 3);
    const loss = meanSquaredError(network.tape, network.output, network.tape.input([1, 1, 3]));
    expectCounted(network.tape, network.output, loss);
  });

  it.each([
    [32, 32, 2, 64, 327_680],
    [64, 64, 4, 256, 3_670_016],
    [100, 32, 2, 128, 1_868_800],
  ])(
    'has the published multiplications of a block: %i rows of %i, %i heads, %i',
    (rows, width, heads, feed, macs) => {
      const forward = blockOf(rows, width, heads, feed, false);
      const training = blockOf(rows, width, heads, feed, true);
      expect(forward).toBe(macs);
      expect(training).toBe(3 * macs);
    },
  );

  it('names a kind of step that nothing lowers', () => {
    const tape = new Tape();
    const x = tape.input([2, 3]);
    const output = tape.value([2, 3]);
    tape.record({ kind: 'hash', inputs: [x], output, forward: () => () => undefined });
    expect(() => lower({ tape, outputs: [output] })).toThrow(
      /^the network has a step hash, which the simulator cannot lower: expected one of activation,/,
    );
  });

  it('reads only what an earlier operation has written, and writes each matrix once', () => {
    const { tape, output } = forecastNetwork(
      encoderBody({ point: DEFAULT_POINT, patch: 4 }),
      { rows: 32, horizon: 1 },
      3,
      2,
    );
    const loss = meanSquaredError(tape, output, tape.input(output.shape));
    const { operations, matrices } = lower({ tape, outputs: [output], loss });
    const there = new Set(matrices.filter(({ origin }) => origin === 'memory').map(({ id }) => id));
    for (const { reads, writes } of operations) {
      for (const { id } of reads) expect(there).toContain(id);
      expect(there).not.toContain(writes.id);
      there.add(writes.id);
    }
    expect(there.size).toBe(matrices.length);
  });
});

/** Products and convolutions, of the loss none, against those that an engine makes. */
function expectCounted(tape: Tape, output: Tensor, loss: Tensor): void {
  const { engine, all } = countingEngine();
  const program = compile(tape, engine, { loss });
  program.forward();
  const forward = all();
  program.backward();
  const back = all() - forward;
  const lowered = lower({ tape, outputs: [output], loss }).operations;
  const isProduct = (operation: (typeof lowered)[number]): boolean => 'parts' in operation;
  const once = lower({ tape, outputs: [output] }).operations;
  const macsForward = once.reduce((sum, one) => sum + macsOf(one), 0);
  expect(macsForward).toBe(forward);
  const products = (some: typeof lowered) =>
    some.filter(isProduct).reduce((sum, one) => sum + macsOf(one), 0);
  expect(products(lowered) - products(once)).toBe(back);
}

function total({ operations }: ReturnType<typeof lower>): number {
  return operations.reduce((sum, one) => sum + macsOf(one), 0);
}

function encoderOf(head: (typeof HEADS)[number]): DesignPoint {
  return { layers: [{ hidden: 12, heads: [head, head], feedForward: [10] }] };
}

/** Of the block alone, without embedding; the way back to the input of the block included. */
function blockOf(rows: number, hidden: number, heads: number, feed: number, training: boolean) {
  const attention = { op: 'attention', form: 'scaled' } as const;
  const point = {
    layers: [{ hidden, heads: new Array(heads).fill(attention), feedForward: [feed] }],
  };
  const tape = new Tape();
  const x = tape.input([1, rows, 1], { gradient: true });
  const output = encode(tape, point, x, { patch: 1 });
  const embedding = rows * hidden;
  const loss = meanSquaredError(tape, output, tape.input(output.shape));
  const macs = total(lower({ tape, outputs: [output], ...(training && { loss }) }));
  return macs - (training ? 3 : 1) * embedding;
}
