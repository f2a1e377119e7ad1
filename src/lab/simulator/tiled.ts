// Accelerators whose lanes take one tile after another, after AccelTran: cycles of the tiles of one operation on its units, and the
// work that they are for each module.
//
// Departs from jha-lab/acceltran, whose own simulator differs (results/accelerators/ has what its faults change): fifo, sparsity units and
// rounding take their cycles, zeros of weights count as those of activations do, and an operand is kept only if it is the same.
import type { TiledAccelerator } from './accelerator.ts';
import type { AcceleratorKind } from './kind.ts';
import type { Part, Pass, Product } from './lowering/graph.ts';
import { ACCELBENCH, ELEMENT_BITS, FIFO_ELEMENTS, IN_LANE, NORM, SOFTMAX } from './modules.ts';
import { blocks, readsOf, readsOfPass } from './storage.ts';
import { type Cost, NO_WORK, type ProgramOptions } from './task.ts';
import {
  countedCycles,
  DRAIN,
  eachTile,
  expectedCycles,
  paddedMacs,
  presenceOf,
  type Tile,
} from './tiles.ts';
import type { TileCounter } from './zeros.ts';

export function tiledKind(accelerator: TiledAccelerator): AcceleratorKind {
  const { elements, lanes: inElement, softmaxUnits, tile } = accelerator;
  const lanes = elements * inElement;
  return {
    ...{ elements, lanes, fixedRules: undefined },
    own: {
      softmax: { count: elements * softmaxUnits, figures: SOFTMAX[tile.rows] },
      norm: { count: elements, figures: NORM[tile.rows] },
      fifo: { count: lanes, figures: IN_LANE.fifo },
      im2col: { count: 0, figures: ACCELBENCH.im2col },
      pooling: { count: 0, figures: ACCELBENCH.pooling },
    },
    costModel({ lane, softmax, norm }, options) {
      const known = new Map<string, Cost>();
      return {
        units: { lane: lane.count, softmax: softmax.count, norm: norm.count },
        costOf: (operation) =>
          'parts' in operation
            ? productCost(operation, accelerator, options, known)
            : passCost(operation, accelerator, options),
      };
    },
    text: `elements ${elements}, lanes of each ${inElement}, softmax units of each element ${softmaxUnits}, tiles ${tile.batch} x ${tile.rows} x ${tile.columns}`,
  };
}

/** Products of equal shapes and zeros are computed once; `known` holds them. */
function productCost(
  product: Product,
  accelerator: TiledAccelerator,
  options: ProgramOptions,
  known: Map<string, Cost>,
): Cost {
  const { zeros } = options;
  const { parts, leftRole, rightRole } = product;
  const shares = parts.map((part) => ({
    left: zeros.shareOfView(leftRole, part.left),
    right: zeros.shareOfView(rightRole, part.right),
  }));
  const counters = parts.map((part) => zeros.counterFor(part));
  if (counters.some(Boolean)) return tiled(product, accelerator, options, shares, counters);
  const key = JSON.stringify([parts.map(shapeOf), shares, leftRole, rightRole]);
  const cost = known.get(key) ?? tiled(product, accelerator, options, shares, counters);
  known.set(key, cost);
  return cost;
}

function shapeOf(part: Part): readonly unknown[] {
  const { batch, rows, columns, inner, leftShared, rightShared, macs } = part;
  return [batch, rows, columns, inner, leftShared, rightShared, macs];
}

interface Operands<T> {
  readonly left: T;
  readonly right: T;
}

function tiled(
  { parts, leftRole, rightRole }: Product,
  accelerator: TiledAccelerator,
  options: ProgramOptions,
  shares: readonly Operands<number>[],
  counters: readonly (TileCounter | undefined)[],
): Cost {
  const { tile: size, elements, lanes, multipliers, doubleBuffered } = accelerator;
  const { order, lanes: model, training } = options;
  const places = new Map(parts.map((part, p) => [part, p]));
  const tiles: number[] = [];
  const sums = { lane: 0, fifo: 0, dma: 0, issued: 0 };
  const read = { left: 0, right: 0, mask: 0 };
  const laneCycles = cyclesOfLane(model, multipliers);
  const single = 2 + Number(training); // before and after the lane: sparsity units, and rounding
  eachTile(parts, size, order, elements * lanes, (tile, part) => {
    const p = places.get(part) ?? 0;
    const share = shares[p] as Operands<number>;
    const { cycles, issued } = laneCycles(tile, part, share, counters[p]);
    const fetched = fetchedBy(tile, part, share);
    const fifo = Math.ceil((fetched.left + fetched.right) / FIFO_ELEMENTS - 1e-9);
    tiles.push((doubleBuffered ? Math.max(cycles, fifo) : cycles + fifo) + single);
    sums.lane += cycles;
    sums.fifo += fifo;
    sums.issued += issued;
    sums.dma += Number(!tile.keepsLeft) + Number(!tile.keepsRight);
    read.left += blocks((fetched.left * ELEMENT_BITS) / 8);
    read.right += blocks((fetched.right * ELEMENT_BITS) / 8);
    read.mask += blocks(fetched.maskBits / 8);
  });
  const n = tiles.length;
  return {
    tiles: Int32Array.from(tiles),
    work: {
      ...NO_WORK,
      lane: sums.lane,
      fifo: sums.fifo,
      preSparsity: n,
      postSparsity: n,
      rounding: training ? n : 0,
      dataflow: n,
      dma: sums.dma,
    },
    accesses: readsOf(leftRole, rightRole, read),
    issued: sums.issued,
    padded: paddedMacs(parts, size),
  };
}

/** The drain included. */
function cyclesOfLane(model: ProgramOptions['lanes'], multipliers: number) {
  return (tile: Tile, part: Part, share: Operands<number>, counter: TileCounter | undefined) => {
    const [b, i, j, k] = tile.size;
    if (counter) {
      const issued = counter.count(tile);
      return { cycles: countedCycles(model, counter, multipliers) + DRAIN, issued };
    }
    const both = share.left * share.right * presenceOf(part);
    const cycles = expectedCycles(model, b * i * j, k, both, multipliers) + DRAIN;
    return { cycles, issued: b * i * j * k * both };
  };
}

/** Elements that are not 0, and bits of their masks. */
function fetchedBy(tile: Tile, part: Part, share: Operands<number>) {
  const [b, i, j, k] = tile.size;
  const left = tile.keepsLeft ? 0 : (part.leftShared ? 1 : b) * i * k;
  const right = tile.keepsRight ? 0 : (part.rightShared ? 1 : b) * k * j;
  return { left: left * share.left, right: right * share.right, maskBits: left + right };
}

/**
 * Cycles of a tile of r x c elements, of which a share is not 0: softmax r c, norm r + c, a non-linearity 1, sums and products
 * of elements r c by the multipliers of a lane. Each is rounded up.
 */
function passCost(
  pass: Pass,
  accelerator: TiledAccelerator,
  { zeros, training }: ProgramOptions,
): Cost {
  const { tile: size, multipliers, doubleBuffered } = accelerator;
  const { batch, rows, columns, kind, times, reads } = pass;
  const share = reads[0] ? zeros.shareOf(reads[0]) : zeros.expected.activation;
  const onLanes = kind === 'element' || kind === 'pool' || kind === 'nonlinearity';
  const part = { batch, rows, columns, inner: 1, leftShared: false, rightShared: false };
  const tiles: number[] = [];
  const sums = { unit: 0, fifo: 0 };
  eachTile([part], size, 'bijk', 1, ({ size: [b, i, j] }) => {
    const cycles = times * passCycles(kind, [b, i, j], share, multipliers);
    const fifo = onLanes ? Math.ceil((reads.length * b * i * j * share) / FIFO_ELEMENTS) : 0;
    const single = onLanes ? 2 + Number(training) : 0;
    tiles.push((doubleBuffered ? Math.max(cycles, fifo) : cycles + fifo) + single);
    sums.unit += cycles;
    sums.fifo += fifo;
  });
  const n = tiles.length;
  return {
    tiles: Int32Array.from(tiles),
    work: {
      ...NO_WORK,
      lane: onLanes ? sums.unit : 0,
      softmax: kind === 'softmax' ? sums.unit : 0,
      norm: kind === 'norm' ? sums.unit : 0,
      fifo: sums.fifo,
      preSparsity: onLanes ? n : 0,
      postSparsity: onLanes ? n : 0,
      rounding: onLanes && training ? n : 0,
      dataflow: n,
      dma: n * reads.length,
    },
    accesses: readsOfPass(pass, zeros),
    issued: pass.macs,
    padded: pass.macs,
  };
}

function passCycles(
  kind: Pass['kind'],
  [b, i, j]: readonly [number, number, number],
  share: number,
  multipliers: number,
): number {
  switch (kind) {
    case 'softmax':
      return Math.max(1, Math.ceil(b * i * j * share));
    case 'norm':
      return Math.max(1, Math.ceil(b * (i + j) * share));
    case 'nonlinearity':
      return 1;
    case 'element':
    case 'pool':
      return Math.max(1, Math.ceil((b * i * j * share) / multipliers));
  }
}
