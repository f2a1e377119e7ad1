// The families of networks that are searched, profiled and trained: what one has to know of a design, whatever it is of. A new
// family is one constant and one word in the registry below.
//
// Notation   B batch, T rows, C channels, p rows of a patch
import { z } from 'zod';
import { type Registry, registry } from '../core/registry.ts';
import type { Tape } from '../engine/tape/tape.ts';
import type { Tensor } from '../engine/tape/tensor.ts';
import { cnnWidth, cnnWork, convolve } from './cnn.ts';
import {
  type CnnPoint,
  cnnPointSchema,
  columnsOf,
  nameOfOperation,
  operationNames,
  strideOf,
} from './cnn-design.ts';
import { OPERATIONS, type Operation, operationOf } from './cnn-ops.ts';
import {
  type DesignPoint,
  designPointSchema,
  groupsOf,
  HEADS,
  headWidthOf,
  nameOf,
} from './design-point.ts';
import { encode, encoderMacs, type PatchShape } from './encoder.ts';
import { opOf } from './encoder-ops.ts';

/** A design of any family. */
export const networkDesignSchema = z.union([designPointSchema, cnnPointSchema]);

export type NetworkDesign = z.infer<typeof networkDesignSchema>;

/** An operation of a family. */
export interface FamilyOperation {
  /** Unlike those of all other families. */
  readonly name: string;
  /** All that multiply at one rate have one of these in common; `projection` is that of plain products. */
  readonly rate: string;
}

export interface DesignWork {
  /** Multiplications of one window by the name of the operation, its own projections included. */
  readonly operations: ReadonlyMap<string, number>;
  /** Those of plain projections. */
  readonly others: number;
}

/** Something of which a design has one or several values. */
export interface Trait<Value> {
  readonly what: string;
  readonly values: readonly Value[];
}

export interface NetworkFamily<Design = NetworkDesign> {
  readonly kind: string;
  /** The detector that forecasts with such a network, and is trained with a design as its option `point`. */
  readonly detector: 'forecaster' | 'cnn';
  readonly schema: z.ZodType<Design>;
  /** Whether a design is of this family. */
  owns(design: NetworkDesign): boolean;
  /** x (B, T, C) to vectors in time order, of which the last stands for the newest rows. Throws `ConfigError`. */
  record(tape: Tape, design: Design, x: Tensor, shape: Pick<PatchShape, 'patch'>): Tensor;
  /** Columns of these vectors. */
  width(design: Design): number;
  readonly operations: readonly FamilyOperation[];
  work(design: Design, shape: PatchShape): DesignWork;
  /** Names, between which nothing can be inferred, and sizes, between which it can. */
  traits(design: Design): {
    readonly names: readonly Trait<string>[];
    readonly sizes: readonly Trait<number>[];
  };
  /** What its non-linearities compute, e.g. gelu; none where it is linear. */
  functions(design: Design): readonly string[];
  /** Counts for regressors: how deep, the widest, how many blocks side by side in all, and columns between them. */
  counts(design: Design): readonly [depth: number, widest: number, blocks: number, inner: number];
}

/** Time-series transformers of a `DesignPoint`. */
export const encoderFamily: NetworkFamily<DesignPoint> = {
  kind: 'encoder',
  detector: 'forecaster',
  schema: designPointSchema,
  owns: (design) => 'layers' in design,
  record: (tape, design, x, shape) => encode(tape, design, x, shape),
  width: ({ layers }) => layers.at(-1)?.hidden ?? 0,
  operations: HEADS.map((head) => ({ name: nameOf(head), rate: head.op })),
  work(design, shape) {
    const operations = new Map<string, number>();
    for (const layer of design.layers) {
      const width = headWidthOf(layer);
      for (const group of groupsOf(layer.heads)) {
        const rows = shape.rows / shape.patch;
        const macs = opOf(group[0]).macs(rows, layer.hidden, group, width);
        const name = nameOf(group[0]);
        operations.set(name, (operations.get(name) ?? 0) + macs);
      }
    }
    return { operations, others: encoderMacs(design, shape) - sumOf([...operations.values()]) };
  },
  traits: ({ layers }) => ({
    names: [{ what: 'heads of', values: layers.flatMap(({ heads }) => heads.map(nameOf)) }],
    sizes: [
      { what: 'layers', values: [layers.length] },
      { what: 'width of a layer', values: layers.map(({ hidden }) => hidden) },
      { what: 'heads of a layer', values: layers.map(({ heads }) => heads.length) },
      { what: 'feed-forward layers', values: layers.map(({ feedForward }) => feedForward.length) },
      { what: 'feed-forward width', values: layers.flatMap(({ feedForward }) => feedForward) },
    ],
  }),
  functions: ({ activation = 'gelu' }) => [activation],
  counts: ({ layers }) => [
    layers.length,
    Math.max(...layers.map(({ hidden }) => hidden)),
    sumOf(layers.map(({ heads }) => heads.length)),
    sumOf(layers.flatMap(({ feedForward }) => feedForward)),
  ],
};

/** Dilated ones are the same loops; pools multiply nothing, and a skip is a projection. */
const CNN_RATES: Readonly<Record<Operation['op'], string>> = {
  convolution: 'conv1d',
  dilated: 'conv1d',
  separable: 'separable',
  pool: 'projection',
  skip: 'projection',
};

/** Heads have some of these names, too. */
function inCells(name: string): string {
  return `cell-${name}`;
}

/** Convolutions along time of a `CnnPoint`; each row is a patch. */
export const cnnFamily: NetworkFamily<CnnPoint> = {
  kind: 'cnn',
  detector: 'cnn',
  schema: cnnPointSchema,
  owns: (design) => 'cells' in design,
  record: (tape, design, x) => convolve(tape, design, x),
  width: cnnWidth,
  operations: OPERATIONS.map((operation, i) => ({
    name: inCells(operationNames[i] as string),
    rate: CNN_RATES[operation.op],
  })),
  work(design, { rows, width }) {
    const { operations, others } = cnnWork(design, { rows, width });
    const named = [...operations].map(([name, macs]) => [inCells(name), macs] as const);
    return { operations: new Map(named), others };
  },
  traits({ cells, join = 'sum', norm = 'layer', pooling = 'last' }) {
    const vertices = cells.flatMap((cell) => cell.vertices);
    return {
      names: [
        { what: 'operations', values: vertices.map(({ operation }) => nameOfOperation(operation)) },
        { what: 'activation', values: cells.map(({ activation }) => activation) },
        { what: 'norm', values: [norm] },
        { what: 'join', values: [join] },
        { what: 'pooling', values: [pooling] },
      ],
      sizes: [
        { what: 'cells', values: [cells.length] },
        { what: 'channels of a cell', values: cells.flatMap((cell) => columnsOf(cell, join).made) },
        { what: 'vertices of a cell', values: cells.map((cell) => cell.vertices.length) },
        { what: 'stride', values: cells.map(strideOf) },
      ],
    };
  },
  functions: ({ cells }) => [
    ...new Set(
      cells.flatMap(({ vertices, activation }) =>
        vertices.some(({ operation }) => operationOf(operation).activated) ? [activation] : [],
      ),
    ),
  ],
  counts: ({ cells, join = 'sum' }) => [
    cells.length,
    Math.max(...cells.flatMap((cell) => columnsOf(cell, join).made)),
    sumOf(cells.map((cell) => cell.vertices.length)),
    0,
  ],
};

/** Each is only ever given designs of its own. */
export const networkFamilies: Registry<NetworkFamily> = registry<NetworkFamily>(
  encoderFamily as unknown as NetworkFamily,
  cnnFamily as unknown as NetworkFamily,
);

export function familyOf(design: NetworkDesign): NetworkFamily {
  const family = [...networkFamilies.values()].find((one) => one.owns(design));
  if (!family) throw new RangeError('the design is of no family');
  return family;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
