// Accelerators whose lanes all work on one operation, after AccelBench, and their cycles: the loops of a convolution are cut into
// tiles, and of each loop of a tile so many steps are made at once as lanes and multipliers allow. Zeros shorten the whole by their
// shares.
// Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework".
//
// Departs from jha-lab/codebench, accelbench/Hardware.py: shares of zeros are those of the network, where it assumes a half of
// each and a factor of .8; there is one axis; output channels are cut as inner ones are, where it cuts them by the windows of a
// tile, so that more than four lanes of them never work; norms, pools and transfers overlap with products that do not wait for
// them, where it adds their cycles.
//
// Notation   T length of a loop, P steps of it at once: sum over its tiles of ceil(T / P)
import type { UnrolledAccelerator } from './accelerator.ts';
import type { AcceleratorKind, FixedRules } from './kind.ts';
import { macsOfPart, type Part, type Pass, type Product } from './lowering/graph.ts';
import { ACCELBENCH, ELEMENT_BITS, IN_LANE, type ModuleName } from './modules.ts';
import { blocks, readsOf, readsOfPass } from './storage.ts';
import { type Cost, NO_WORK, type ProgramOptions } from './task.ts';

/** AccelBench's tile: Tib, Tix and Tif; the last for output channels, too. */
const TILE = { windows: 4, rows: 64, columns: 64, inner: 64 } as const;

/** Elements of a row that a pooling unit takes in a cycle: AccelBench's windows of 5 x 5. */
const POOLED = 25;

/** The loops of a convolution. */
export interface Nest {
  readonly windows: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly taps: number;
  /** Convolutions one after the other: channels each for itself share nothing that lanes could. */
  readonly groups: number;
}

export const UNROLLED_RULES: FixedRules = {
  why: 'unrolls its loops, whose order is fixed, and takes zeros off by their shares',
  lanes: 'all of them work on one product at a time, whose loops are unrolled',
};

/** All lanes together are one unit: an operation has them to itself. */
export function unrolledKind(accelerator: UnrolledAccelerator): AcceleratorKind {
  const { windows, rows, columns, taps } = accelerator.unrolled;
  const elements = windows * rows;
  const lanes = lanesOf(accelerator);
  return {
    ...{ elements, lanes, fixedRules: UNROLLED_RULES },
    own: {
      softmax: { count: elements, figures: ACCELBENCH.loss },
      norm: { count: elements, figures: ACCELBENCH.batchNorm },
      // One for each operand of a multiplier.
      fifo: { count: 2 * lanes * accelerator.multipliers, figures: IN_LANE.fifo },
      im2col: { count: lanes, figures: ACCELBENCH.im2col },
      pooling: { count: elements, figures: ACCELBENCH.pooling },
    },
    costModel(parts, options) {
      const work = (cycles: number, modules: readonly ModuleName[]): Cost['work'] => ({
        ...NO_WORK,
        ...Object.fromEntries(modules.map((name) => [name, cycles * parts[name].count])),
      });
      return {
        units: { lane: 1, softmax: 1, norm: 1 },
        costOf(operation) {
          if ('parts' in operation) return productCost(operation, accelerator, options, work);
          const cycles = passCycles(operation, accelerator);
          return {
            tiles: Int32Array.of(cycles),
            work: work(cycles, [MODULE_OF[operation.kind]]),
            accesses: readsOfPass(operation, options.zeros),
            ...{ issued: operation.macs, padded: operation.macs },
          };
        },
      };
    },
    text: `at once ${windows} windows x ${rows} rows (elements) and ${columns} output channels x ${taps} taps (lanes of each)`,
  };
}

function lanesOf({ unrolled: { windows, rows, columns, taps } }: UnrolledAccelerator): number {
  return windows * rows * columns * taps;
}

function multipliersOf(accelerator: UnrolledAccelerator): number {
  return lanesOf(accelerator) * accelerator.multipliers;
}

const MODULE_OF = {
  softmax: 'softmax',
  norm: 'norm',
  element: 'lane',
  nonlinearity: 'lane',
  pool: 'pooling',
} as const;

function productCost(
  product: Product,
  accelerator: UnrolledAccelerator,
  { zeros }: ProgramOptions,
  work: (cycles: number, modules: readonly ModuleName[]) => Cost['work'],
): Cost {
  const { parts, leftRole, rightRole } = product;
  const all = parts.reduce((sum, part) => sum + macsOfPart(part), 0);
  const shares = { left: 0, right: 0, both: 0 };
  for (const part of parts) {
    const [left, right] = [
      zeros.shareOfView(leftRole, part.left),
      zeros.shareOfView(rightRole, part.right),
    ];
    const weight = macsOfPart(part) / all;
    shares.left += weight * left;
    shares.right += weight * right;
    shares.both += weight * left * right;
  }
  const whole = wholeCycles(product, accelerator);
  const cycles = Math.max(1, Math.ceil(whole * shares.both - ROUNDING));
  const fetched = fetchedBy(product);
  const [left, right] = [fetched.left * shares.left, fetched.right * shares.right];
  return {
    tiles: Int32Array.of(cycles),
    work: work(cycles, [
      ...(['lane', 'fifo', 'preSparsity', 'postSparsity', 'rounding', 'dataflow'] as const),
      ...(product.kind === 'convolution' ? (['im2col'] as const) : []),
    ]),
    accesses: readsOf(leftRole, rightRole, {
      left: blocks((left * ELEMENT_BITS) / 8),
      right: blocks((right * ELEMENT_BITS) / 8),
      mask: blocks((fetched.left + fetched.right) / 8),
    }),
    issued: all * shares.both,
    padded: whole * multipliersOf(accelerator),
  };
}

/** So that a product which is whole but for the last digits is not rounded up. */
const ROUNDING = 1e-9;

/** As if nothing were 0. What is no convolution keeps all multipliers at work. */
function wholeCycles(product: Product, accelerator: UnrolledAccelerator): number {
  const nest = nestOf(product);
  if (nest) return nestCycles(nest, accelerator);
  const multipliers = multipliersOf(accelerator);
  return product.parts.reduce((sum, part) => sum + Math.ceil(macsOfPart(part) / multipliers), 0);
}

/** Undefined for a plain product. */
function nestOf({ parts, taps }: Product): Nest | undefined {
  if (taps === undefined) return undefined;
  const most = (of: (part: Part) => number): number => Math.max(...parts.map(of));
  const [windows, rows] = [most(({ batch }) => batch), most((part) => part.rows)];
  const [columns, inner] = [most((part) => part.columns), most((part) => part.inner)];
  return taps === 'parts'
    ? { windows, rows, columns, inner, taps: parts.length, groups: 1 }
    : { windows, rows, columns: 1, inner: 1, taps: inner, groups: columns };
}

/** Cycles of a convolution of which nothing is 0: in each tile prod ceil(T / P). */
export function nestCycles(
  { windows, rows, columns, inner, taps, groups }: Nest,
  { unrolled, multipliers }: Pick<UnrolledAccelerator, 'unrolled' | 'multipliers'>,
): number {
  return (
    groups *
    stepsOf(windows, TILE.windows, unrolled.windows) *
    stepsOf(rows, TILE.rows, unrolled.rows) *
    stepsOf(columns, TILE.columns, unrolled.columns) *
    stepsOf(inner, TILE.inner, multipliers) *
    Math.ceil(taps / unrolled.taps)
  );
}

function stepsOf(length: number, tile: number, atOnce: number): number {
  const full = Math.floor(length / tile);
  return full * Math.ceil(tile / atOnce) + Math.ceil((length - full * tile) / atOnce);
}

/** Elements that lanes are given, zeros included: each operand once for each tile of the other's own loops. */
function fetchedBy(product: Product): Record<'left' | 'right', number> {
  const nest = nestOf(product);
  const tiles = (length: number, tile: number): number => Math.ceil(length / tile);
  if (nest) {
    const { windows, rows, columns, inner, taps, groups } = nest;
    const times = tiles(windows, TILE.windows) * tiles(rows, TILE.rows);
    const left = groups * windows * rows * inner * tiles(columns, TILE.columns);
    return { left, right: groups * inner * columns * taps * times };
  }
  const sums = { left: 0, right: 0 };
  for (const { batch, rows, columns, inner, rightShared } of product.parts) {
    const windows = rightShared ? tiles(batch, TILE.windows) : batch;
    sums.left += batch * rows * inner * tiles(columns, TILE.columns);
    sums.right += inner * columns * windows * tiles(rows, TILE.rows);
  }
  return sums;
}

/**
 * A softmax and a norm take as many elements at once as the elements of the accelerator have multipliers in a lane, and a norm
 * begins anew at each row, as AccelBench's does at each channel. Non-linearities lie behind the lanes and take no more than
 * their delay.
 */
function passCycles(pass: Pass, accelerator: UnrolledAccelerator): number {
  const { kind, batch, rows, columns, times } = pass;
  const { unrolled, multipliers } = accelerator;
  const elements = unrolled.windows * unrolled.rows;
  const atOnce = elements * multipliers;
  const all = batch * rows * columns;
  switch (kind) {
    case 'softmax':
      return times * Math.ceil(all / atOnce);
    case 'norm':
      return times * batch * rows * Math.ceil(columns / atOnce);
    case 'nonlinearity':
      return 1;
    case 'element':
      return Math.ceil((times * all) / multipliersOf(accelerator));
    case 'pool':
      return Math.ceil(times / POOLED) * Math.ceil(all / elements);
  }
}
