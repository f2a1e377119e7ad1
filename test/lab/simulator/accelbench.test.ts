// AccelBench's accelerators: areas, energies and cycles, held to loops that are written out.
import { describe, expect, it } from 'vitest';
import { cnnBody, forecastNetwork } from '../../../src/detectors/networks/forecast.ts';
import { createRandom } from '../../../src/engine/random.ts';
import {
  parseAccelerator,
  type UnrolledAccelerator,
} from '../../../src/lab/simulator/accelerator.ts';
import { areaMm2, costModelOf, partsOf, peakOpsPerS } from '../../../src/lab/simulator/hardware.ts';
import { macsOf, type Product, type Work } from '../../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../../src/lab/simulator/lowering/index.ts';
import { CLOCK_HZ } from '../../../src/lab/simulator/modules.ts';
import { accelbench, accelbenchVectors } from '../../../src/lab/simulator/presets/accelbench.ts';
import {
  snapped,
  vectorAccelerator,
  vectorCount,
} from '../../../src/lab/simulator/presets/vectors.ts';
import { programOf } from '../../../src/lab/simulator/program.ts';
import { simulate } from '../../../src/lab/simulator/simulate.ts';
import {
  acceleratorAt,
  acceleratorNumbered,
  parseSpace,
  spaceSize,
} from '../../../src/lab/simulator/space.ts';
import { type Nest, nestCycles } from '../../../src/lab/simulator/unrolled.ts';
import { NO_ZEROS, PUBLISHED_ZEROS, type Shares, Zeros } from '../../../src/lab/simulator/zeros.ts';
import type { CnnCell } from '../../../src/models/cnn-design.ts';
import { OPERATIONS } from '../../../src/models/cnn-ops.ts';
import { walked } from './walked-nest.ts';

const vector = (...numbers: readonly number[]) =>
  vectorAccelerator(accelbenchVectors, numbers, 'gelu') as UnrolledAccelerator;

/** The vector that AccelBench's run.py has where nothing is said, without its second axis: 2, 16, 8, 8, 3, a window, 12 and 24 MB. */
const usual = vector(2, 16, 8, 8, 3, 1, 12, 24, 0);

function workOf(cell: Partial<CnnCell>, windows = 1, rows = 32): Work {
  const whole = { channels: 16, activation: 'relu', ...cell } as CnnCell;
  const body = cnnBody({ point: { cells: [whole], norm: 'none' } });
  const { tape, output } = forecastNetwork(body, { rows, horizon: 1 } as never, 5, windows);
  return lower({ tape, outputs: [output] });
}

const allOperations = workOf(
  {
    vertices: OPERATIONS.slice(0, 6).map((operation) => ({ operation, inputs: [0] })),
    output: [1, 2, 3, 4, 5, 6],
  },
  3,
);

const options = (shares: Shares) =>
  ({ training: false, zeros: new Zeros(shares), lanes: 'window-32', order: 'bijk' }) as const;

describe('accelbench', () => {
  it('counts the cycles of a convolution as loops that are written out do', () => {
    const random = createRandom(1);
    const upTo = (most: number): number => 1 + random.integer(most);
    for (let n = 0; n < 200; n += 1) {
      const few = { rows: upTo(9), columns: upTo(9), inner: upTo(9) };
      // One loop is longer than a tile.
      const long = ['rows', 'columns', 'inner'][random.integer(3)] as keyof typeof few;
      const nest = { windows: upTo(9), ...few, [long]: upTo(140), taps: upTo(9), groups: upTo(2) };
      const one = acceleratorAt(accelbench, random.integer(spaceSize(accelbench)));
      expect(nestCycles(nest, one as UnrolledAccelerator)).toBe(
        walked(nest, one as UnrolledAccelerator),
      );
    }
  });

  it('takes of each operation of a cell what its loops are', () => {
    const costs = costModelOf(usual, options(NO_ZEROS));
    const nests = new Map<string, Nest>();
    const [windows, rows] = [3, 32];
    const full = (taps: number): Nest => ({
      windows,
      rows,
      columns: 16,
      inner: 16,
      taps,
      groups: 1,
    });
    for (const [i, nest] of [full(3), full(5), full(9), full(3)].entries()) {
      nests.set(`vertex${i + 1}`, nest);
    }
    const channelwise = { windows, rows, columns: 1, inner: 1, taps: 5, groups: 16 };
    const convolutions = allOperations.operations.filter(
      (one): one is Product => one.kind === 'convolution',
    );
    expect(convolutions).toHaveLength(5);
    const cycles = convolutions.map((one) => costs.costOf(one).tiles[0]);
    expect(cycles).toEqual([...nests.values(), channelwise].map((nest) => walked(nest, usual)));
  });

  it('takes a product as many multiplications a cycle as there are multipliers, and zeros off by their shares', () => {
    const part = { batch: 3, rows: 5, columns: 7, inner: 11, leftShared: false, rightShared: true };
    const product: Product = {
      kind: 'product',
      ...{ name: 'p', parts: [part], reads: [], writes: undefined as never, toMemory: false },
      leftRole: 'activation',
      rightRole: 'weight',
    };
    const cyclesWith = (shares: Shares) =>
      costModelOf(small, options(shares)).costOf(product).tiles[0];
    const small = vector(1, 1, 3, 2, 1, 1, 1, 1, 0);
    expect(cyclesWith(NO_ZEROS)).toBe(Math.ceil((3 * 5 * 7 * 11) / 6));
    expect(cyclesWith(PUBLISHED_ZEROS)).toBe(Math.ceil(Math.ceil((3 * 5 * 7 * 11) / 6) / 4));
    expect(cyclesWith({ ...NO_ZEROS, weight: 0.3, activation: 0.9 })).toBe(
      Math.ceil(Math.ceil((3 * 5 * 7 * 11) / 6) * 0.27 - 1e-9),
    );
  });

  it('has the areas of the published table, and energies of work and of leakage', () => {
    const [elements, lanes] = [2 * 8, 2 * 8 * 8 * 3];
    const um2 =
      lanes * (9418.67 + 6216.9 + 1181.2 + 14307.18 + 2 * 16 * 484.38) +
      elements * (75947 + 144.64 + 14654.49 + 3395.05 + 4223.41);
    const buffers = 12 * 303305.8 + 24 * 294100.8 + (36 / 8) * 302565;
    expect(areaMm2(usual, false)).toBeCloseTo((um2 + buffers) / 1e6, 6);
    expect(peakOpsPerS(usual)).toBe(2 * 16 * lanes * CLOCK_HZ);
    const work = workOf({
      vertices: [{ operation: { op: 'convolution', kernel: 3 }, inputs: [0] }],
      output: [1],
    });
    const [task] = programOf(work, usual, options(NO_ZEROS)).tasks.filter(
      ({ kind }) => kind === 'convolution',
    );
    const cycles = task?.tiles[0] as number;
    const counts = partsOf(usual, false);
    expect(task?.work).toEqual({
      ...{ lane: cycles * lanes, fifo: cycles * lanes * 32, im2col: cycles * lanes },
      ...{ preSparsity: cycles * lanes, postSparsity: cycles * lanes, dataflow: cycles * elements },
      ...{ softmax: 0, norm: 0, rounding: 0, dma: 0, pooling: 0 },
    });
    expect(counts.fifo.count).toBe(2 * 16 * lanes);
    const mode = { mode: 'inference', order: 'bijk', lanes: 'window-32' } as const;
    const { energy, cycles: all } = simulate(work, usual, { ...mode, zeros: new Zeros(NO_ZEROS) });
    const lane = energy.modules.find(({ module }) => module === 'lane');
    expect(lane?.idleLeakageJ).toBeCloseTo(
      ((all * lanes - (lane?.use ?? 0) * all * lanes) * 0.31897e-3) / CLOCK_HZ,
      15,
    );
  });

  it('runs on the engine of the other accelerators, with as many multiplications as the network, never in fewer cycles than they take', () => {
    const training = { mode: 'inference', order: 'bijk', lanes: 'window-32' } as const;
    for (const shares of [NO_ZEROS, PUBLISHED_ZEROS]) {
      for (const numbers of [
        [1, 1, 1, 1, 1, 1, 1, 1, 8],
        [4, 16, 8, 8, 7, 1, 0.015625, 0.125, 4],
        [2, 16, 3, 5, 3, 1, 1, 1, 8],
      ]) {
        const one = vector(...numbers);
        const found = simulate(allOperations, one, { ...training, zeros: new Zeros(shares) });
        const all = allOperations.operations.reduce((sum, operation) => sum + macsOf(operation), 0);
        expect(found.macs.all).toBe(all);
        expect(found.macs.issued + found.macs.skipped).toBeCloseTo(all, 6);
        expect(found.macs.padded).toBeGreaterThanOrEqual(0);
        const { compute, memory, path } = found.bounds;
        expect(found.cycles).toBeGreaterThanOrEqual(Math.max(compute, memory, path));
        const operations = found.energy.operations.reduce((sum, { dynamicJ }) => sum + dynamicJ, 0);
        expect(Math.abs(operations / found.energy.dynamicJ - 1)).toBeLessThan(1e-9);
      }
    }
  });

  it('is never slower with twice the steps of a loop at once', () => {
    const random = createRandom(7);
    for (let n = 0; n < 40; n += 1) {
      const one = acceleratorAt(accelbench, random.integer(spaceSize(accelbench)));
      const roomy = {
        ...one,
        bufferMb: { activation: 8, weight: 8, mask: 8 },
      } as UnrolledAccelerator;
      const cyclesOf = (of: UnrolledAccelerator) =>
        programOf(allOperations, of, options(NO_ZEROS)).tasks.reduce(
          (sum, { tiles }) => sum + (tiles[0] ?? 0),
          0,
        );
      for (const loop of ['windows', 'rows', 'columns', 'taps'] as const) {
        const unrolled = { ...roomy.unrolled, [loop]: 2 * roomy.unrolled[loop] };
        expect(cyclesOf({ ...roomy, unrolled })).toBeLessThanOrEqual(cyclesOf(roomy));
      }
    }
  });

  it('has a space of the published values, whose files and vectors are read back', () => {
    expect(vectorCount(accelbenchVectors)).toBe(4 * 2 * 8 * 8 * 4 * 6 * 15 * 15 * 11);
    const number = spaceSize(accelbench) - 1;
    const last = acceleratorAt(accelbench, number);
    expect(acceleratorNumbered(accelbench, `${number}`)).toEqual(last);
    expect(vector(4, 16, 8, 8, 7, 512, 24, 24, 10)).toMatchObject({
      ...last,
      name: 'accelbench:4,16,8,8,7,512,24,24,10',
    });
    expect(parseAccelerator(JSON.stringify(last), 'last.json')).toEqual(last);
    const { name, choices } = accelbench;
    const file = { format: 'sentigon-accelerator-space/1', name, ...choices };
    const read = parseSpace(JSON.stringify(file), 'space.json');
    expect(read).toEqual(accelbench);
    const snap = snapped(accelbenchVectors, [9, 3, 3, 3, 4, 7, 5, 5, 99]);
    expect(snap).toEqual([4, 1, 3, 3, 3, 1, 4, 4, 10]);
  });

  it.each([
    ['5,16,8,8,3,1,1,1,0', /AccelBench's space: found 5 at place 1, expected 1, 2, 3, 4:/],
    ['2,16,8,8,2,1,1,1,0', /found 2 at place 5, expected 1, 3, 5, 7: correct it, or add --snap$/],
    ['2,16', /found undefined at place 3, expected 1, 2, 3, 4, 5, 6, 7, 8:/],
    ['2,16,8,8,3,1,1,1,0,0', /found 0 at place 10, expected no more than 9 numbers:/],
  ])('refuses a vector outside of its space in one line: %s', (given, says) => {
    expect(() => vector(...given.split(',').map(Number))).toThrow(says);
  });

  it('refuses a number outside of its space in one line', () => {
    expect(() => acceleratorNumbered(accelbench, '999999999')).toThrow(
      /^accelbench:999999999 is outside of the space: expected a number from 0 to 60825599$/,
    );
  });

  it('names the place of a fault in a file of one', () => {
    const broken = { ...usual, unrolled: { ...usual.unrolled, taps: 0 } };
    expect(() => parseAccelerator(JSON.stringify(broken), 'a.json')).toThrow(
      /^a\.json is no accelerator of the format sentigon-accelerator\/1 \(unrolled\.taps: .+\): correct it/,
    );
    const space = { format: 'sentigon-accelerator-space/1', name: 'a', ...accelbench.choices };
    expect(() => parseSpace(JSON.stringify({ ...space, unrolledRows: [] }), 's.json')).toThrow(
      /^s\.json is no space of accelerators .+ \(unrolledRows: .+\)/,
    );
  });
});
