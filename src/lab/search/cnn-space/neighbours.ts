// Networks one step away: an operation, an edge, a vertex or a cell more, less or another, and each thing that a network has in
// common.
import { type CnnCell, type CnnPoint, faultOf } from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import { nextTo } from '../design-space/neighbours.ts';
import { canonicalCnn, cnnKey, keyOfForm } from './cell-form.ts';
import { type BareCell, type CnnSpace, commonOf, operationsOf, pointOf } from './space.ts';

type Vertex = CnnCell['vertices'][number];

/**
 * All neighbours in the space, without the network itself. Ordered values move to the next one; if cells must be alike, all
 * change together. An inserted vertex stands on an edge; what reads a removed one reads what it read.
 */
export function cnnNeighbours(point: CnnPoint, space: CnnSpace): readonly CnnPoint[] {
  const common = commonOf(point);
  if (!common) throw new RangeError(`${cnnKey(point)} is not of a space`);
  const cells: readonly BareCell[] = point.cells.map(({ channels, vertices, output }) => ({
    ...{ channels, vertices, output },
  }));
  const found = [
    ...otherCells(cells, space).map((list) => pointOf(list, common)),
    ...space.activations.map((activation) => pointOf(cells, { ...common, activation })),
    ...space.norms.map((norm) => pointOf(cells, { ...common, norm })),
    ...nextTo(space.strides, common.stride).map((stride) => pointOf(cells, { ...common, stride })),
    ...space.poolings.map((pooling) => pointOf(cells, { ...common, pooling })),
    ...space.joins.map((join) => pointOf(cells, { ...common, join })),
  ];
  const own = cnnKey(point);
  const unique = new Map(
    found
      .map(canonicalCnn)
      .flatMap((other) => (isIn(other, space) ? [[keyOfForm(other), other]] : [])),
  );
  unique.delete(own);
  return [...unique.values()];
}

/** Whether the widths of all vertices, raised, are of the space. */
function isIn({ cells }: CnnPoint, { channels, mixedChannels }: CnnSpace): boolean {
  const widths = cells.flatMap(({ vertices }) => vertices.map((vertex) => vertex.channels));
  return widths.every(
    (width) => width === undefined || (mixedChannels && channels.includes(width)),
  );
}

function otherCells(cells: readonly BareCell[], space: CnnSpace): readonly (readonly BareCell[])[] {
  const [count] = [cells.length];
  const counts = nextTo(space.cells, count);
  const more = counts.filter((next) => next > count);
  const fewer = counts.filter((next) => next < count);
  const copies = (cell: BareCell, times: number) => Array.from({ length: times }, () => cell);
  if (!space.mixedCells) {
    const [first] = cells as readonly [BareCell];
    return [
      ...cellNeighbours(first, space).map((cell) => copies(cell, count)),
      ...counts.map((next) => copies(first, next)),
    ];
  }
  return [
    ...cells.flatMap((cell, i) => cellNeighbours(cell, space).map((other) => cells.with(i, other))),
    ...more.flatMap((next) =>
      cells.map((cell, i) => cells.toSpliced(i, 0, ...copies(cell, next - count))),
    ),
    ...fewer.flatMap((next) =>
      cells.slice(0, next + 1).map((_, i) => cells.toSpliced(i, count - next)),
    ),
  ];
}

function cellNeighbours(cell: BareCell, space: CnnSpace): readonly BareCell[] {
  const { channels, vertices } = cell;
  const ops = operationsOf(space);
  const changed = vertices.flatMap((vertex, i) => [
    ...ops.map((operation) => ({ ...cell, vertices: vertices.with(i, { ...vertex, operation }) })),
    ...otherChannels(vertex, channels, space).map((own) => ({
      ...cell,
      vertices: vertices.with(i, { ...vertex, channels: own }),
    })),
  ]);
  return [
    ...changed,
    ...nextTo(space.channels, channels).map((width) => ({ ...cell, channels: width })),
    ...flippedEdges(cell),
    ...(space.vertices.includes(vertices.length + 1) ? withMore(cell, space) : []),
    ...(space.vertices.includes(vertices.length - 1)
      ? vertices.map((_, i) => without(cell, i))
      : []),
  ].filter((other) => faultOf(other) === undefined);
}

function otherChannels(
  { channels, operation }: Vertex,
  usual: number,
  space: CnnSpace,
): readonly number[] {
  if (!(space.mixedChannels && operationOf(operation).widens)) return [];
  return nextTo(space.channels, channels ?? usual);
}

function flippedEdges(cell: BareCell): readonly BareCell[] {
  const { vertices, output } = cell;
  const flipped = (places: readonly number[], place: number): number[] =>
    places.includes(place) ? places.filter((one) => one !== place) : [...places, place];
  return [
    ...vertices.flatMap((vertex, i) =>
      Array.from({ length: i + 1 }, (_, place) => ({
        ...cell,
        vertices: vertices.with(i, { ...vertex, inputs: flipped(vertex.inputs, place) }),
      })),
    ),
    ...Array.from({ length: vertices.length + 1 }, (_, place) => ({
      ...cell,
      output: flipped(output, place),
    })),
  ];
}

/** A vertex of each operation on each edge. */
function withMore(cell: BareCell, space: CnnSpace): readonly BareCell[] {
  const { vertices, output, channels } = cell;
  // The new vertex is number i + 1; what was behind it moves up by one.
  const moved = (places: readonly number[], i: number): number[] =>
    places.map((place) => (place > i ? place + 1 : place));
  return operationsOf(space).flatMap((operation) =>
    [...vertices.map(({ inputs }) => inputs), output].flatMap((places, i) =>
      places.map((from) => {
        const through = [
          ...moved(
            places.filter((place) => place !== from),
            i,
          ),
          i + 1,
        ];
        const list = vertices.map((vertex) => ({ ...vertex, inputs: moved(vertex.inputs, i) }));
        const vertex = { operation, inputs: [from] };
        const isOutput = i === vertices.length;
        const reader = list[i];
        const others = isOutput || !reader ? list : list.with(i, { ...reader, inputs: through });
        return {
          channels,
          vertices: others.toSpliced(i, 0, vertex),
          output: isOutput ? through : moved(output, i),
        };
      }),
    ),
  );
}

function without({ channels, vertices, output }: BareCell, gone: number): BareCell {
  const { inputs } = vertices[gone] as Vertex;
  const joined = (places: readonly number[]): number[] => {
    const read = places.flatMap((place) => (place === gone + 1 ? inputs : [place]));
    return [...new Set(read)].map((place) => (place > gone + 1 ? place - 1 : place));
  };
  const list = vertices.map((vertex) => ({ ...vertex, inputs: joined(vertex.inputs) }));
  return { channels, vertices: list.toSpliced(gone, 1), output: joined(output) };
}
