// Which channels of a convolutional network can be left out, and what makes and reads them: from the design alone.
//
// Channels of places that are added to each other, or that a pool or taps of single channels lead from one to the other, are left
// out together: they are a group. It can be narrowed if all that reads it multiplies its channels by weights, which then make up
// for what is missing. A layer norm does not: its mean and spread are those of all channels.
import {
  type CnnCell,
  type CnnPoint,
  columnsOf,
  type Join,
  joinedPlaces,
  nameOfOperation,
  strideOf,
} from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';

/** Some of the columns, or of the rows, of a tensor; the last axis counts columns, the one before it rows. */
export interface ChannelSlice {
  readonly tensor: string;
  readonly along: 'columns' | 'rows';
  /** Where the channels begin along the axis; several if they are there more than once. */
  readonly starts: readonly number[];
}

export interface ChannelGroup {
  /** Prefix of its tensors, e.g. `cell1.vertex2`. */
  readonly name: string;
  /** 0-based. */
  readonly cell: number;
  /** 0 is the input of the cell, n its n-th vertex. */
  readonly places: readonly number[];
  readonly columns: number;
  /** What has a number for each channel, or makes it. */
  readonly makers: readonly ChannelSlice[];
  /** Rows of weights that channels are multiplied by. */
  readonly readers: readonly ChannelSlice[];
}

export interface ChannelGroups {
  readonly groups: readonly ChannelGroup[];
  /** Places that cannot be narrowed, with the reason. */
  readonly fixed: readonly string[];
}

export function channelGroups(point: CnnPoint): ChannelGroups {
  const found = point.cells.map((_, cell) => groupsOfCell(point, cell));
  return {
    groups: found.flatMap(({ groups }) => groups),
    fixed: found.flatMap(({ fixed }) => fixed),
  };
}

function groupsOfCell(point: CnnPoint, place: number): ChannelGroups {
  const { join = 'sum' } = point;
  const cell = point.cells[place] as CnnCell;
  const groups: ChannelGroup[] = [];
  const fixed: string[] = [];
  for (const places of joinedPlaces(cell, join, { throughPools: true })) {
    const name = `cell${place + 1}.${places[0] === 0 ? 'input' : `vertex${places[0]}`}`;
    const reason = reasonToKeep(point, place, places);
    if (reason) fixed.push(`${name}: ${reason}`);
    else groups.push(groupOf(point, place, places, name));
  }
  return { groups, fixed };
}

/** Why the channels of these places cannot be left out; undefined = they can. */
function reasonToKeep(
  point: CnnPoint,
  place: number,
  places: readonly number[],
): string | undefined {
  const { cells, join = 'sum', norm = 'layer' } = point;
  const cell = cells[place] as CnnCell;
  const normed = places.find((at) => {
    const operation = cell.vertices[at - 1]?.operation;
    return norm === 'layer' && operation && operationOf(operation).activated;
  });
  if (normed !== undefined) {
    const operation = cell.vertices[normed - 1]?.operation;
    return `the norm behind ${operation ? nameOfOperation(operation) : ''} reads the mean of all its channels`;
  }
  const isGiven = places.some((at) => cell.output.includes(at) && (at > 0 || join === 'sum'));
  if (isGiven && place === cells.length - 1) {
    return 'the norm at the end of the network reads the mean of all channels';
  }
  const { read, output } = columnsOf(cell, join);
  const sums = [
    ...cell.vertices.map(({ inputs }, i) => ({ inputs, raised: read[i]?.raised ?? [] })),
    ...(join === 'sum' ? [{ inputs: cell.output, raised: output.raised }] : []),
  ];
  const isRaised = sums.some(
    ({ inputs, raised }) => raised.length > 0 && inputs.some((at) => places.includes(at)),
  );
  return isRaised ? 'a projection raises what is added to it' : undefined;
}

function groupOf(
  point: CnnPoint,
  place: number,
  places: readonly number[],
  name: string,
): ChannelGroup {
  const cell = point.cells[place] as CnnCell;
  const prefix = `cell${place + 1}`;
  const { made } = columnsOf(cell, point.join ?? 'sum');
  const makers: ChannelSlice[] = [];
  const readers: ChannelSlice[] = [];
  for (const at of places) {
    if (at === 0)
      makers.push(...whole('columns', `${prefix}.input.weights`, `${prefix}.input.bias`));
    else makers.push(...whole('columns', ...tensorsOf(cell, at, prefix).makers));
  }
  for (const [i, { inputs }] of cell.vertices.entries()) {
    if (!inputs.some((at) => places.includes(at))) continue;
    const { taps, readers: weights } = tensorsOf(cell, i + 1, prefix);
    makers.push(...whole('columns', ...taps));
    readers.push(...whole('rows', ...weights));
  }
  const outside = behindCell(point, place, places);
  return {
    ...{ name, cell: place, places, columns: made[places[0] as number] as number },
    makers: [...makers, ...outside.makers],
    readers: [...readers, ...outside.readers],
  };
}

function whole(along: ChannelSlice['along'], ...tensors: readonly string[]): ChannelSlice[] {
  return tensors.map((tensor) => ({ tensor, along, starts: [0] }));
}

/** Names of the tensors of a vertex. */
function tensorsOf({ vertices }: CnnCell, at: number, prefix: string) {
  const named = (tensors: readonly string[]) =>
    tensors.map((tensor) => `${prefix}.vertex${at}.${tensor}`);
  const { makers, taps, readers } = operationOf(
    (vertices[at - 1] as CnnCell['vertices'][number]).operation,
  ).tensors;
  return { makers: named(makers), taps: named(taps), readers: named(readers) };
}

/** The residual of a cell whose vertices stand side by side, and the cell that reads what these places give. */
function behindCell(
  point: CnnPoint,
  place: number,
  places: readonly number[],
): Pick<ChannelGroup, 'makers' | 'readers'> {
  const { cells, join = 'sum' } = point;
  const cell = cells[place] as CnnCell;
  const next = cells[place + 1];
  const { made, output } = columnsOf(cell, join);
  const starts = blockStarts(cell, join, made, places);
  const residual = `cell${place + 1}.residual`;
  const hasResidual = join === 'concatenate' && cell.output.includes(0);
  const rows = next ? strideOf(next, place + 1) : 0;
  const entering = Array.from({ length: rows }, (_, row) =>
    starts.map((start) => row * output.columns + start),
  ).flat();
  const isRead = starts.length > 0;
  return {
    makers:
      hasResidual && isRead
        ? ['weights', 'bias'].map((own) => ({
            ...({ tensor: `${residual}.${own}`, along: 'columns', starts } as const),
          }))
        : [],
    readers: [
      ...(hasResidual && places.includes(0) ? whole('rows', `${residual}.weights`) : []),
      ...(isRead && next
        ? [{ tensor: `cell${place + 2}.input.weights`, along: 'rows', starts: entering } as const]
        : []),
    ],
  };
}

/** Where the channels of these places begin in the output of the cell. */
function blockStarts(
  { output }: CnnCell,
  join: Join,
  made: readonly number[],
  places: readonly number[],
): readonly number[] {
  if (join === 'sum') return output.some((at) => places.includes(at)) ? [0] : [];
  let end = 0;
  return output
    .filter((at) => at > 0)
    .flatMap((at) => {
      const start = end;
      end += made[at] as number;
      return places.includes(at) ? [start] : [];
    });
}
