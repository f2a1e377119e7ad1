// The work of a network as a processor does it: in counts, each of which takes a time that is fitted to measured networks. No
// cycles, no buffers, no energy: what a profile does not measure is not simulated.
import { macsOf, type Operation, type Work } from './lowering/graph.ts';

/** What it is called beside the presets; its rates come from a profile. */
export const PROCESSOR = 'cpu';

/** One kind of work that the kernels do at about one rate. */
interface CountedWork {
  readonly name: string;
  readonly unit: string;
  readonly countOf: (operation: Operation) => number;
}

const isProduct = (operation: Operation) => 'parts' in operation;

/** Thousands of multiplications where the operation is of this sort. */
const products = (name: string, fits: (operation: Operation) => boolean): CountedWork => ({
  ...{ name, unit: '1,000 multiplications' },
  countOf: (one) => (isProduct(one) && fits(one) ? macsOf(one) / 1e3 : 0),
});

/** Thousands of elements that a pass works on. */
const passes = (name: string, ...kinds: readonly Operation['kind'][]): CountedWork => ({
  ...{ name, unit: '1,000 elements' },
  countOf: (one) =>
    'times' in one && kinds.includes(one.kind)
      ? (one.times * one.batch * one.rows * one.columns) / 1e3
      : 0,
});

/** Whether all of a batch is multiplied by the same weights, which is one large product. */
function isByWeights(operation: Operation): boolean {
  return (
    operation.kind === 'product' &&
    operation.leftRole !== 'weight' &&
    operation.rightRole === 'weight'
  );
}

/** In the order of `countsOf`. */
export const WORK: readonly CountedWork[] = [
  { name: 'calls', unit: 'operation', countOf: () => 1 },
  products('products with weights', isByWeights),
  products('other products', (one) => one.kind === 'product' && !isByWeights(one)),
  products('convolutions', ({ kind }) => kind === 'convolution'),
  passes('softmax', 'softmax'),
  passes('norms', 'norm'),
  passes('non-linearities', 'nonlinearity'),
  passes('sums', 'element', 'pool'),
  {
    ...{ name: 'numbers read and written', unit: '1,000 numbers' },
    countOf: ({ reads, writes }) =>
      reads.reduce((sum, { elements }) => sum + elements, writes.elements) / 1e3,
  },
];

/** How often a network asks for each kind of `WORK`. */
export function countsOf({ operations }: Pick<Work, 'operations'>): readonly number[] {
  return WORK.map(({ countOf }) => operations.reduce((sum, one) => sum + countOf(one), 0));
}
