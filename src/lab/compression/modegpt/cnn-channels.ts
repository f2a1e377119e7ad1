// Type I of MoDeGPT on the channels of a convolutional network: those of a group stay that predict the others best, and what reads
// them makes up for the rest, tap by tap. Lin et al. 2024, section 3.2.1; see feed-forward.ts.
//
// Departs from the paper: a group may have several readers. Channels are chosen by the sum of their moments, each in parts of its
// trace; each reader makes up for the rest by its own.
//
// Notation   C (c, c) moments of the channels that a reader reads, W (c, o) its weights, those of all taps side by side
import { ConfigError } from '../../../core/errors.ts';
import { columnsOf, rowsOf } from '../../../engine/linear-algebra/blocks.ts';
import { type Dense, dense } from '../../../engine/linear-algebra/dense.ts';
import { type CnnPoint, columnsOf as columnsOfCell } from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import type { Model, ModelTensor } from '../../../models/model.ts';
import type { CompressedPart } from '../contract.ts';
import {
  type ChannelGroup,
  type ChannelGroups,
  type ChannelSlice,
  channelGroups,
} from './channel-groups.ts';
import { compensated, independent, ridgeLeverage } from './feed-forward.ts';

export type Tensors = Model['tensors'];

/** Throws `ConfigError` where there are none, with the reasons. */
export function requireGroups(point: CnnPoint, name: string): ChannelGroups {
  const found = channelGroups(point);
  if (found.groups.length > 0) return found;
  throw new ConfigError(
    `no channels of this network can be left out (${found.fixed.map((one) => `${name}.${one}`).join('; ')}): take --sparsity, which leaves activations out instead`,
    { code: 'SEN_CFG_COMPRESS' },
  );
}

export interface NarrowedCnn {
  readonly point: CnnPoint;
  readonly tensors: Tensors;
  readonly parts: readonly CompressedPart[];
}

/** `kept` are the channels of each group; `momentsOf` tells those of the input of weights by their name, without a constant. */
export function narrowChannels(
  { point, tensors }: Pick<NarrowedCnn, 'point' | 'tensors'>,
  { groups, name }: { readonly groups: readonly ChannelGroup[]; readonly name: string },
  kept: readonly number[],
  momentsOf: (weights: string) => Dense,
): NarrowedCnn {
  // Tensors keep their sizes until all groups are done, so that no place moves meanwhile.
  const changed = new Map<string, ModelTensor>();
  const current = (own: string) => changed.get(own) ?? tensorNamed(tensors, `${name}.${own}`);
  const cuts = new Map<string, Cut[]>();
  const parts: CompressedPart[] = [];
  const widths = new Map<string, number>();
  for (const [i, group] of groups.entries()) {
    const count = kept[i] as number;
    if (count === group.columns) continue;
    const seen = group.readers.map((reader) =>
      blockMoments(momentsOf(reader.tensor), reader.starts, group.columns),
    );
    const all = summed(seen, group.columns);
    const chosen = independent(all, ridgeLeverage(all), count);
    const errors = group.readers.map((reader, at) => {
      const tensor = current(reader.tensor);
      const rows = { starts: reader.starts, channels: group.columns };
      const { next, error } = compensated(seen[at] as Dense, weightsOf(tensor, rows), chosen);
      changed.set(reader.tensor, withWeights(tensor, rows, chosen, next));
      return error;
    });
    for (const slice of [...group.makers, ...group.readers]) {
      const own = cuts.get(slice.tensor) ?? [];
      cuts.set(slice.tensor, [...own, { slice, channels: group.columns, chosen }]);
    }
    for (const at of group.places) widths.set(`${group.cell} ${at}`, count);
    parts.push({
      ...{ name: `${name}.${group.name}`, before: group.columns, after: count },
      // Of the reader that loses most.
      error: Math.max(0, ...errors),
    });
  }
  const cut = [...cuts].map(([own, of]) => [`${name}.${own}`, sliced(current(own), of)] as const);
  return {
    point: { ...point, cells: point.cells.map((_, cell) => narrowCell(point, cell, widths)) },
    tensors: { ...tensors, ...Object.fromEntries(cut) },
    parts,
  };
}

export function tensorNamed(tensors: Tensors, name: string): ModelTensor {
  const tensor = tensors[name];
  if (!tensor) throw new RangeError(`the network has no tensor ${name}`);
  return tensor;
}

/** Of the last two axes; those before them are taps. */
export function sizeOf({
  shape,
}: Pick<ModelTensor, 'shape'>): Record<ChannelSlice['along'], number> {
  return { columns: shape.at(-1) ?? 1, rows: shape.length > 1 ? (shape.at(-2) ?? 1) : 1 };
}

/** Channels that are read in several places are read as often. */
function blockMoments(moments: Dense, starts: readonly number[], channels: number): Dense {
  const values = new Float64Array(channels * channels);
  for (const start of starts) {
    const block = Array.from({ length: channels }, (_, i) => start + i);
    const own = columnsOf(rowsOf(moments, block), block).values;
    for (const [i, value] of own.entries()) values[i] = (values[i] as number) + value;
  }
  return dense(channels, channels, values);
}

function summed(all: readonly Dense[], channels: number): Dense {
  const values = new Float64Array(channels * channels);
  for (const one of all) {
    let trace = 0;
    for (let i = 0; i < channels; i++) trace += one.values[i * channels + i] as number;
    if (trace === 0) continue;
    for (const [i, value] of one.values.entries())
      values[i] = (values[i] as number) + value / trace;
  }
  return dense(channels, channels, values);
}

interface Rows {
  readonly starts: readonly number[];
  readonly channels: number;
}

/** Calls back for each number of the rows of channels: its place in the tensor, its channel, its place among those of the channel. */
function eachWeight(
  { shape, data }: ModelTensor,
  { starts, channels }: Rows,
  visit: (place: number, channel: number, other: number) => void,
): void {
  const [rows = 1, columns = 1] = shape.slice(-2);
  const taps = data.length / rows / columns;
  for (let tap = 0; tap < taps; tap++) {
    for (const [block, start] of starts.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        const row = (tap * rows + start + channel) * columns;
        const other = (tap * starts.length + block) * columns;
        for (let o = 0; o < columns; o++) visit(row + o, channel, other + o);
      }
    }
  }
}

/** W. */
function weightsOf(tensor: ModelTensor, rows: Rows): Dense {
  const [all = 1] = tensor.shape.slice(-2);
  const others = (tensor.data.length / all) * rows.starts.length;
  const values = new Float64Array(rows.channels * others);
  eachWeight(tensor, rows, (place, channel, other) => {
    values[channel * others + other] = tensor.data[place] as number;
  });
  return dense(rows.channels, others, values);
}

/** Writes the rows of the channels that stay. */
function withWeights(
  tensor: ModelTensor,
  rows: Rows,
  chosen: readonly number[],
  next: Dense,
): ModelTensor {
  const data = Float32Array.from(tensor.data);
  const row = new Map(chosen.map((channel, i) => [channel, i]));
  eachWeight(tensor, rows, (place, channel, other) => {
    const at = row.get(channel);
    if (at !== undefined) data[place] = next.values[at * next.columns + other] as number;
  });
  return { ...tensor, data };
}

interface Cut {
  readonly slice: ChannelSlice;
  readonly channels: number;
  readonly chosen: readonly number[];
}

/** Without the rows and columns of channels that are left out. */
function sliced({ shape, data, ...rest }: ModelTensor, cuts: readonly Cut[]): ModelTensor {
  const size = sizeOf({ shape });
  const keeps = (along: ChannelSlice['along']): readonly number[] => {
    const gone = new Set(
      cuts
        .filter(({ slice }) => slice.along === along)
        .flatMap(({ slice, channels, chosen }) =>
          slice.starts.flatMap((start) =>
            Array.from({ length: channels }, (_, i) => i)
              .filter((i) => !chosen.includes(i))
              .map((i) => start + i),
          ),
        ),
    );
    return Array.from({ length: size[along] }, (_, i) => i).filter((i) => !gone.has(i));
  };
  const [rows, columns] = [keeps('rows'), keeps('columns')];
  const taps = data.length / size.rows / size.columns;
  const values = Array.from({ length: taps }, (_, tap) =>
    rows.map((row) =>
      columns.map((column) => data[(tap * size.rows + row) * size.columns + column] as number),
    ),
  ).flat(2);
  const inner = shape.length > 1 ? [rows.length, columns.length] : [columns.length];
  return { ...rest, shape: [...shape.slice(0, -2), ...inner], data: Float32Array.from(values) };
}

/** Each vertex that can have channels of its own names them, so that the rest of the cell keeps its widths. */
function narrowCell(
  { cells, join = 'sum' }: CnnPoint,
  place: number,
  widths: ReadonlyMap<string, number>,
): CnnPoint['cells'][number] {
  const cell = cells[place] as CnnPoint['cells'][number];
  const { made } = columnsOfCell(cell, join);
  const widthAt = (at: number): number => widths.get(`${place} ${at}`) ?? (made[at] as number);
  const channels = widthAt(0);
  return {
    ...cell,
    channels,
    vertices: cell.vertices.map(({ channels: _, ...vertex }, i) => {
      const own = widthAt(i + 1);
      const isNamed = operationOf(vertex.operation).widens && own !== channels;
      return isNamed ? { ...vertex, channels: own } : vertex;
    }),
  };
}
