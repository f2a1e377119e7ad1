// Graphs of cells up to the numbering of their vertices: one form and one key for all cells that are isomorphic, and all shapes
// of a number of vertices.
//
// Notation   n vertices of a cell; place 0 is its input, places 1 to n its vertices; an order lists old vertices, 0-based, by
//            their new place
import {
  type CnnCell,
  type CnnPoint,
  type CnnVertex,
  columnsOf,
  faultOf,
  nameOfOperation,
  operationNames,
  strideOf,
} from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import { permutations } from '../problems/graphs.ts';

/** The edges of a cell: the places that each vertex reads, and those that its output reads. All in rising order. */
export interface CellShape {
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
}

/** A shape with the orders that turn it into itself, the identity included. */
export interface SymmetricShape extends CellShape {
  readonly automorphisms: readonly (readonly number[])[];
}

export function shapeOf({ vertices, output }: Pick<CnnCell, 'vertices' | 'output'>): CellShape {
  return { inputs: vertices.map(({ inputs }) => rising(inputs)), output: rising(output) };
}

/** All shapes of n vertices in which each vertex reads something and leads to the output, none twice up to isomorphism. */
export function shapesOf(vertices: number): readonly SymmetricShape[] {
  return inputLists(vertices).flatMap((inputs) =>
    subsets(vertices + 1)
      .map((output) => ({ inputs, output }))
      .filter((shape) => isLegal(shape))
      .flatMap((shape) => symmetric(shape) ?? []),
  );
}

/** Undefined unless the shape is the least of its numberings. */
function symmetric(shape: CellShape): SymmetricShape | undefined {
  const own = textOf(shape);
  const automorphisms: (readonly number[])[] = [];
  for (const order of ordersOf(shape)) {
    const text = textOf(renumbered(shape, order));
    if (text < own) return undefined;
    if (text === own) automorphisms.push(order);
  }
  return { ...shape, automorphisms };
}

function isLegal({ inputs, output }: CellShape): boolean {
  const vertices = inputs.map((list) => ({
    operation: { op: 'skip' } as const,
    inputs: [...list],
  }));
  return faultOf({ vertices, output: [...output] }) === undefined;
}

function inputLists(vertices: number): readonly (readonly (readonly number[])[])[] {
  if (vertices === 0) return [[]];
  return inputLists(vertices - 1).flatMap((before) =>
    subsets(vertices).map((inputs) => [...before, inputs]),
  );
}

/** All subsets of 0 to count - 1 but the empty one. */
function subsets(count: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** count - 1 }, (_, i) =>
    Array.from({ length: count }, (__, place) => place).filter((place) => ((i + 1) >> place) & 1),
  );
}

/** Orders in which each vertex still stands after all that it reads. */
function ordersOf({ inputs }: CellShape): readonly (readonly number[])[] {
  const all = inputs.map((_, vertex) => vertex);
  return permutations(all).filter((order) => {
    const placeOf = placesIn(order);
    return order.every((vertex, place) =>
      (inputs[vertex] as readonly number[]).every((from) => placeOf(from) <= place),
    );
  });
}

function renumbered({ inputs, output }: CellShape, order: readonly number[]): CellShape {
  const placeOf = placesIn(order);
  const moved = (places: readonly number[]) => rising(places.map(placeOf));
  return {
    inputs: order.map((vertex) => moved(inputs[vertex] as readonly number[])),
    output: moved(output),
  };
}

/** New place of an old one. */
function placesIn(order: readonly number[]): (place: number) => number {
  return (place) => (place === 0 ? 0 : order.indexOf(place - 1) + 1);
}

function textOf({ inputs, output }: CellShape): string {
  return [...inputs, output].map((places) => places.join('')).join(' ');
}

function rising(places: readonly number[]): number[] {
  return [...places].sort((a, b) => a - b);
}

/**
 * The same cell with its vertices in the least order, their channels raised as the network raises them and left out where
 * they are those of the cell: all isomorphic cells have equal forms, and a form computes what its cell does. By trial of all
 * orders of the vertices, exact.
 */
function canonicalCell(cell: CnnCell, join: CnnPoint['join']): CnnCell {
  const { made } = columnsOf(cell, join ?? 'sum');
  const raised = cell.vertices.map(({ operation, inputs }, i): CnnVertex => {
    const channels = made[i + 1] as number;
    const isOwn = operationOf(operation).widens && channels !== cell.channels;
    return { operation, inputs, ...(isOwn && { channels }) };
  });
  const shape = shapeOf(cell);
  const labels = raised.map(labelOf);
  const [least] = ordersOf(shape)
    .map((order) => {
      const found = renumbered(shape, order);
      const text = `${textOf(found)} ${order.map((vertex) => labels[vertex]).join('+')}`;
      return { order, found, text };
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  if (!least) throw new RangeError('a vertex of the cell reads one that stands after it');
  const { order, found } = least;
  const vertices = order.map((vertex, place) => ({
    ...(raised[vertex] as CnnVertex),
    inputs: [...(found.inputs[place] as readonly number[])],
  }));
  return { ...cell, vertices, output: [...found.output] };
}

/** `canonicalCell` of each. */
export function canonicalCnn(point: CnnPoint): CnnPoint {
  const forms = new Map<CnnCell, CnnCell>();
  for (const cell of point.cells) {
    if (!forms.has(cell)) forms.set(cell, canonicalCell(cell, point.join));
  }
  return { ...point, cells: point.cells.map((cell) => forms.get(cell) as CnnCell) };
}

/** Sorts by the order of the operations, then by channels. */
function labelOf({ operation, channels = 0 }: CnnVertex): string {
  const rank = operationNames.indexOf(nameOfOperation(operation));
  return `${String(rank).padStart(2, '0')}*${String(channels).padStart(3, '0')}`;
}

/**
 * One key for all networks whose cells are isomorphic, one after the other; what a network does not use is not in it, e.g. the
 * activation of a cell of pools. Readable, e.g. `16.silu:convolution-5(0)+dilated(1)>0,2;concatenate`.
 */
export function cnnKey(point: CnnPoint): string {
  return keyOfForm(canonicalCnn(point));
}

/** `cnnKey` of what `canonicalCnn` returns. */
export function keyOfForm(point: CnnPoint): string {
  const { cells, join = 'sum', norm = 'layer', pooling = 'last' } = point;
  return [
    cells.map(cellText).join('|'),
    ...(join !== 'sum' && joins(point) ? [join] : []),
    ...(norm === 'none' && activates(point) ? ['no norm'] : []),
    ...(pooling === 'last' ? [] : [pooling]),
  ].join(';');
}

function cellText(cell: CnnCell, place: number): string {
  const stride = strideOf(cell, place);
  const isUsual = stride === strideOf({}, place);
  const head = [
    `${cell.channels}`,
    ...(cell.vertices.some(isActivated) ? [`.${cell.activation}`] : []),
    ...(isUsual ? [] : [`/${stride}`]),
  ].join('');
  const vertices = cell.vertices.map(
    ({ operation, channels, inputs }) =>
      `${nameOfOperation(operation)}${channels === undefined ? '' : `*${channels}`}(${inputs})`,
  );
  return `${head}:${vertices.join('+')}>${cell.output}`;
}

/** Whether an activation, and with it a norm, stands anywhere. */
export function activates({
  cells,
}: {
  readonly cells: readonly Pick<CnnCell, 'vertices'>[];
}): boolean {
  return cells.some(({ vertices }) => vertices.some(isActivated));
}

function isActivated({ operation }: CnnVertex): boolean {
  return operationOf(operation).activated;
}

/** Whether anything meets at an output. */
export function joins({ cells }: { readonly cells: readonly Pick<CnnCell, 'output'>[] }): boolean {
  return cells.some(({ output }) => output.length > 1);
}
