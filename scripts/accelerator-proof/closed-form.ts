// AccelTran's closed form of BERT-Tiny (simulate_fast), rebuilt from its rules and exact to its cycle; and the same without some of
// its faults, which takes its distance from a simulation apart. For the table of accelerator-proof.ts alone.
// jha-lab/acceltran at ea7ba16: simulator/src/simulator.py, ops.py and dict2ops.py.
//
// Notation   T rows, D width, H width of a head, F width of a feed-forward layer
import type { TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { partsOf, peakOpsPerS } from '../../src/lab/simulator/hardware.ts';
import {
  BLOCK_BYTES,
  BUFFER_BYTES_PER_S,
  BUFFERS,
  CLOCK_HZ,
  ELEMENT_BITS,
  MEMORIES,
} from '../../src/lab/simulator/modules.ts';
import { PUBLISHED_ZEROS } from '../../src/lab/simulator/zeros.ts';

const [T, D, H, F] = [128, 128, 64, 512];
const [LAYERS, HEADS] = [2, 2];

/** What the closed form does, in the order in which it is mended; by its number where it is one of the faults of the simulator. */
export const MENDED = {
  embedding: 'loads the embedding of 30,522 words first, which ours does not have',
  innerTwice: 'multiplies the tiles of a product by those of its inner loop once too often',
  zeros: '4: zeros of weights save nothing',
  weights: '5: weights are loaded once for each window',
  bits: '6: a byte moves an element of 20 bits',
  blocks: '7: a block holds 64 elements, not 64 bytes',
  back: '9: ways back of softmax and of the inputs of linear layers are missing or of other sizes',
  units:
    '11: each tile of a head takes the energy of all units, a tile of a feed-forward layer none',
  functions:
    'two non-linearities of a layer, where there is one, take a cycle for each tile, as if on one lane',
  transfers: 'transfers of heads take no time',
} as const;

export type Fault = keyof typeof MENDED;

export interface ClosedForm {
  readonly cycles: Readonly<
    Record<
      'embedding' | 'weights' | 'stores' | 'products' | 'functions' | 'softmax' | 'norms',
      number
    >
  >;
  readonly joules: Readonly<
    Record<'lanes' | 'memory' | 'buffers' | 'sparsity' | 'others' | 'softmax' | 'norms', number>
  >;
}

interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly isBack: boolean;
}

/** A matrix that is loaded or stored; elements of a window, of weights all there are. */
interface Moved {
  readonly elements: number;
  readonly of: 'activations' | 'weights' | 'embedding';
}

const product = (rows: number, inner: number, columns: number, isBack = false): Product => ({
  ...{ rows, inner, columns, isBack },
});

const HEAD = [
  ...[product(T, D, H), product(T, D, H), product(T, D, H)],
  ...[product(T, H, T), product(T, T, H), product(T, H, D)],
];
/** dict2ops.py puts a non-linearity behind each, and both count tiles of T x D. */
const FEED_FORWARD = [product(T, D, F), product(T, F, D)];

/** As ops.py has the way back of a head: of 13 products those of queries, keys and values are of other sizes. */
const HEAD_BACK = [
  ...[product(H, T, D, true), product(T, D, H, true), product(T, T, H, true)],
  ...[product(T, H, T, true), product(H, T, T, true), product(H, T, H, true)],
  ...[product(T, H, H, true), product(H, H, T, true), product(D, T, H, true)],
  ...[product(T, T, H, true), product(D, T, H, true), product(T, H, T, true)],
  product(D, T, T, true),
];
const FEED_FORWARD_BACK = [product(D, T, F, true), product(F, T, D, true)];

const matrices = (of: Moved['of'], ...sizes: readonly number[]): readonly Moved[] =>
  sizes.map((elements) => ({ elements, of }));

/** Words, and a position for each row. */
const EMBEDDING: Moved = { elements: (30_522 + T) * D, of: 'embedding' };
const HEAD_LOADS = matrices('weights', D * H, D * H, D * H, H * D);
const HEAD_STORES = matrices('activations', T * H, T * H, T * H, T * T, T * T, T * H, T * D);
const FEED_FORWARD_LOADS = matrices('weights', D * F, F * D);
const FEED_FORWARD_STORES = matrices('activations', T * F, T * D);
/** Into the buffer of weights: gradients of four matrices, and of queries, keys and values. */
const HEAD_STORES_BACK = [...HEAD_LOADS, ...matrices('activations', T * H, T * H, T * H)];

/** `isMended`: whether a fault is left out of the rules. */
interface Setup {
  readonly accelerator: TiledAccelerator;
  readonly training: boolean;
  readonly isMended: (fault: Fault) => boolean;
}

export function closedForm(
  accelerator: TiledAccelerator,
  mode: 'inference' | 'training',
  mended: ReadonlySet<Fault> = new Set(),
): ClosedForm {
  const setup = {
    ...{ accelerator, training: mode === 'training' },
    isMended: (fault: Fault) => mended.has(fault),
  };
  const cycles = cyclesOf(setup);
  return { cycles, joules: joulesOf(setup, cycles) };
}

function cyclesOf(setup: Setup): ClosedForm['cycles'] {
  const { accelerator, training, isMended } = setup;
  const { tile, memory, elements } = accelerator;
  const { softmax, lane } = partsOf(accelerator, training);
  const { bytesPerS } = MEMORIES[memory];
  const stores = storesOf(setup);
  const ofHeads = (cycles: number): number => (isMended('transfers') ? cycles : 0);
  const moved = (all: readonly Moved[], bandwidth: number): number =>
    sum(all, (one) => Math.ceil(bitsOf(setup, one) / bitsPerCycle(setup, bandwidth)));
  const [square, wide, rows] = [T * T, T * F, T * D].map((n) => tilesOf(accelerator, n)) as [
    number,
    number,
    number,
  ];
  const edges = tile.batch * (tile.rows + tile.columns) * PUBLISHED_ZEROS.activation;
  const passes = 1 + Number(training);
  const functions = isMended('functions')
    ? Math.ceil(wide / lane.count)
    : FEED_FORWARD.length * rows;
  return {
    embedding: isMended('embedding') ? 0 : moved([EMBEDDING], bytesPerS),
    weights: perLayer(ofHeads(moved(HEAD_LOADS, bytesPerS)), moved(FEED_FORWARD_LOADS, bytesPerS)),
    stores: perLayer(
      ofHeads(moved([...stores.head, ...stores.headBack], BUFFER_BYTES_PER_S)),
      moved([...stores.feedForward, ...stores.feedForwardBack], BUFFER_BYTES_PER_S),
    ),
    products: perProduct(setup, (one) => cyclesOfProduct(setup, one)),
    functions: LAYERS * passes * functions,
    // That of the other head runs beside products.
    softmax:
      LAYERS * (training && isMended('back') ? 2 : 1) * Math.ceil((square * edges) / softmax.count),
    norms: LAYERS * 2 * passes * Math.ceil((rows * edges) / elements),
  };
}

function joulesOf(setup: Setup, cycles: ClosedForm['cycles']): ClosedForm['joules'] {
  const { accelerator, training, isMended } = setup;
  const { bufferMb, memory } = accelerator;
  const parts = partsOf(accelerator, training);
  const stores = storesOf(setup);
  const ofMemory = (one: Moved): number =>
    // Zeros of weights are left out of memory in either case, those of buffers only where blocks are of bytes.
    blocksOf(setup, one) *
    MEMORIES[memory].accessNj *
    (isMended('blocks') ? 1 : PUBLISHED_ZEROS.weight);
  const ofBuffer = (buffer: 'activation' | 'weight') => (one: Moved) =>
    blocksOf(setup, one) * BUFFERS[buffer].accessNj * Math.sqrt(bufferMb[buffer]);
  const [activations, weights] = [ofBuffer('activation'), ofBuffer('weight')];
  const tiles = isMended('units')
    ? perProduct(setup, (one) => tilesOfProduct(setup, one))
    : perLayer(
        sum(productsOf(setup).heads, (one) => tilesOfProduct(setup, one)),
        0,
      );
  const all = isMended('units')
    ? { lanes: 1, elements: 1 }
    : { lanes: parts.lane.count, elements: accelerator.elements };
  const mw = (...names: readonly (keyof typeof parts)[]): number =>
    sum(names, (name) => parts[name].figures.dynamicMw) * (1e-3 / CLOCK_HZ);
  return {
    lanes: (cycles.products + cycles.functions) * parts.lane.count * mw('lane'),
    memory: 1e-9 * perLayer(sum(HEAD_LOADS, ofMemory), sum(FEED_FORWARD_LOADS, ofMemory)),
    buffers:
      1e-9 *
      perLayer(
        sum(stores.head, activations) + sum(stores.headBack, weights),
        sum(stores.feedForward, activations) + sum(stores.feedForwardBack, weights),
      ),
    sparsity: tiles * all.lanes * mw('preSparsity', 'postSparsity'),
    others:
      tiles * all.elements * (mw('dma', 'fifo', 'dataflow') + (training ? mw('rounding') : 0)),
    softmax: HEADS * cycles.softmax * parts.softmax.count * mw('softmax'),
    norms: cycles.norms * accelerator.elements * mw('norm'),
  };
}

function perLayer(ofHead: number, ofFeedForward: number): number {
  return LAYERS * (HEADS * ofHead + ofFeedForward);
}

function perProduct(setup: Setup, of: (product: Product) => number): number {
  const { heads, feedForward } = productsOf(setup);
  return perLayer(sum(heads, of), sum(feedForward, of));
}

function productsOf({
  training,
  isMended,
}: Setup): Record<'heads' | 'feedForward', readonly Product[]> {
  const back = (forward: readonly Product[], published: readonly Product[]): readonly Product[] => {
    if (!training) return [];
    return isMended('back') ? forward.flatMap(waysBack) : published;
  };
  return {
    heads: [...HEAD, ...back(HEAD, HEAD_BACK)],
    feedForward: [...FEED_FORWARD, ...back(FEED_FORWARD, FEED_FORWARD_BACK)],
  };
}

function storesOf({ training }: Setup) {
  return {
    ...{ head: HEAD_STORES, headBack: training ? HEAD_STORES_BACK : [] },
    ...{ feedForward: FEED_FORWARD_STORES, feedForwardBack: training ? FEED_FORWARD_LOADS : [] },
  };
}

/** Of a matrix of so many elements for each window. */
function tilesOf({ tile, batch }: TiledAccelerator, elements: number): number {
  return Math.ceil(batch / tile.batch) * Math.ceil(elements / (tile.rows * tile.columns));
}

function tilesOfProduct(
  { accelerator, isMended }: Setup,
  { rows, inner, columns }: Product,
): number {
  const along = Math.ceil(inner / accelerator.tile.columns);
  return tilesOf(accelerator, rows * columns) * along ** (isMended('innerTwice') ? 1 : 2);
}

function cyclesOfProduct(setup: Setup, one: Product): number {
  const { tile } = setup.accelerator;
  const macs = tile.batch * tile.rows * tile.columns ** 2 * tilesOfProduct(setup, one);
  const share = one.isBack ? PUBLISHED_ZEROS.gradient : PUBLISHED_ZEROS.activation;
  const other = setup.isMended('zeros') ? PUBLISHED_ZEROS.weight : 1;
  const multipliers = peakOpsPerS(setup.accelerator) / 2 / CLOCK_HZ;
  return Math.ceil((macs / multipliers) * share * other);
}

function elementsOf({ accelerator, isMended }: Setup, { elements, of }: Moved): number {
  if (of === 'embedding') return elements;
  return elements * (of === 'weights' && isMended('weights') ? 1 : accelerator.batch);
}

function keptOf({ of }: Moved): number {
  return of === 'activations' ? PUBLISHED_ZEROS.activation : PUBLISHED_ZEROS.weight;
}

function bitsOf(setup: Setup, one: Moved): number {
  return elementsOf(setup, one) * ELEMENT_BITS * keptOf(one);
}

function blocksOf(setup: Setup, one: Moved): number {
  return setup.isMended('blocks')
    ? bitsOf(setup, one) / 8 / BLOCK_BYTES
    : elementsOf(setup, one) / BLOCK_BYTES;
}

/** A gigabyte of bandwidth is 2^30 bytes there. */
function bitsPerCycle({ isMended }: Setup, bytesPerS: number): number {
  if (isMended('bits')) return (8 * bytesPerS) / CLOCK_HZ;
  return (ELEMENT_BITS * bytesPerS * (2 ** 30 / 1e9)) / CLOCK_HZ;
}

/** dX = dY W' and dW = X' dY. */
function waysBack({ rows, inner, columns }: Product): readonly Product[] {
  return [product(rows, columns, inner, true), product(inner, rows, columns, true)];
}

export function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
