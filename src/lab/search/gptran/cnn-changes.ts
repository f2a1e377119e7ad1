// One change of a cell of a convolutional network: a vertex more or fewer, or other channels.
import {
  type CnnCell,
  type CnnPoint,
  columnsOf,
  faultOf,
  type Join,
  joinedPlaces,
  LIMITS,
} from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import { LEAST_WIDTH } from './mode.ts';

/** The cell with a vertex more, which its output reads. */
export function withVertex(
  cell: CnnCell,
  vertex: CnnCell['vertices'][number],
  join: Join,
): CnnCell {
  const { columns } = columnsOf(cell, join).output;
  // Beside the others it has the width of the cell; added to them, theirs.
  const isOwn = join === 'sum' && operationOf(vertex.operation).widens && columns !== cell.channels;
  return {
    ...cell,
    vertices: [...cell.vertices, isOwn ? { ...vertex, channels: columns } : vertex],
    output: [...cell.output, cell.vertices.length + 1],
  };
}

export function withCell(point: CnnPoint, place: number, cell: CnnCell): CnnPoint {
  return { ...point, cells: point.cells.with(place, cell) };
}

/** Whether all vertices that were there have the channels that they had. */
export function keepsWidths({ cells, join = 'sum' }: CnnPoint, grown: CnnPoint): boolean {
  return cells.every((cell, place) => {
    const { made } = columnsOf(grown.cells[place] as CnnCell, join);
    return columnsOf(cell, join).made.every((columns, at) => made[at] === columns);
  });
}

/** Places of a cell whose channels change together: its input with all that have its width, or vertices. */
type Width = readonly number[];

/** That of the cell first, then those of vertices that are added to each other; a pool has the channels of what it reads. */
export function widthsOf({ cells, join = 'sum' }: CnnPoint, place: number): readonly Width[] {
  const cell = cells[place] as CnnCell;
  const widens = (at: number): boolean => {
    const vertex = cell.vertices[at - 1];
    return vertex !== undefined && operationOf(vertex.operation).widens;
  };
  const groups = joinedPlaces(cell, join, { throughPools: false })
    .map((places) => places.filter(widens))
    .filter(({ length }) => length > 0)
    .sort(([a = 0], [b = 0]) => a - b);
  return [[0], ...groups];
}

/** Undefined where the channels would not change as asked, because a sum raises them, or are too few or too many. */
export function resized(
  { cells, join = 'sum' }: CnnPoint,
  place: number,
  width: Width,
  more: number,
): CnnCell | undefined {
  const cell = cells[place] as CnnCell;
  const { made } = columnsOf(cell, join);
  const wanted = width.map((at) => (made[at] as number) + more);
  if (wanted.some((columns) => columns < LEAST_WIDTH || columns > LIMITS.channels))
    return undefined;
  const [first] = width;
  const changed =
    first === 0
      ? { ...cell, channels: cell.channels + more }
      : {
          ...cell,
          vertices: cell.vertices.map((vertex, i) => {
            const at = width.indexOf(i + 1);
            return at < 0 ? vertex : { ...vertex, channels: wanted[at] as number };
          }),
        };
  const now = columnsOf(changed, join).made;
  return width.every((at, i) => now[at] === wanted[i]) ? changed : undefined;
}

export function nameOfWidth(place: number, width: Width): string {
  const whole = `cell ${place + 1}`;
  return width[0] === 0 ? whole : `${whole} vertices ${width.join(', ')}`;
}

/** What read it alone, or would leave others unread, reads what it has read. */
export function withoutVertex(cell: CnnCell, vertex: number): CnnCell {
  const gone = vertex + 1;
  const instead = cell.vertices[vertex]?.inputs ?? [];
  const without = (replaces: boolean): CnnCell => {
    const places = (of: readonly number[]): number[] => {
      const now = of.flatMap((at) => (at === gone ? (replaces ? instead : []) : [at]));
      return [...new Set(now)].map((at) => (at > gone ? at - 1 : at)).sort((a, b) => a - b);
    };
    const vertices = cell.vertices.toSpliced(vertex, 1);
    return {
      ...cell,
      vertices: vertices.map((one) => ({ ...one, inputs: places(one.inputs) })),
      output: places(cell.output),
    };
  };
  const cut = without(false);
  return faultOf(cut) === undefined ? cut : without(true);
}
