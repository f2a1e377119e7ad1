// Convolutional networks as a family that is searched.
import { DEFAULT_POINT } from '../../../detectors/cnn/train.ts';
import type { Random } from '../../../engine/random.ts';
import { type CnnPoint, nameOfOperation, reachOfCnn } from '../../../models/cnn-design.ts';
import { cnnFamily } from '../../../models/network-family.ts';
import { canonicalCnn, cnnKey } from '../cnn-space/cell-form.ts';
import { cnnDistancesAmong } from '../cnn-space/distance.ts';
import { cnnEmbeddings, cnnStress } from '../cnn-space/embeddings.ts';
import {
  canEnumerate,
  countCells,
  countOf,
  enumerateCnns,
  sampleCnns,
} from '../cnn-space/enumerate.ts';
import { cnnNeighbours } from '../cnn-space/neighbours.ts';
import { cnnChoices, cnnOfChoices, cnnPlaces } from '../cnn-space/places.ts';
import {
  alike,
  type BareCell,
  type CnnSpace,
  commonOf,
  namedCnnSpaces,
  pointOf,
  readCnnSpace,
} from '../cnn-space/space.ts';
import type { LabelledGraph } from '../contract.ts';
import { growAround } from '../design-space/grow.ts';
import type { FamilyLevel, SearchFamily } from './contract.ts';

export const cnns: SearchFamily<CnnPoint, CnnSpace> = {
  kind: cnnFamily.kind,
  network: cnnFamily,
  handMade: DEFAULT_POINT,
  trainingOf: ({ rows }) => ({ rows }),
  keyOf: cnnKey,
  graphOf: cnnGraph,
  neighboursOf: cnnNeighbours,
  distancesAmong: (points) => cnnDistancesAmong(points),
  embeddings: cnnEmbeddings,
  heldOutStress: cnnStress,
  spaces: namedCnnSpaces,
  readSpace: readCnnSpace,
  sizeOf: countOf,
  enumerable: canEnumerate,
  enumerate: enumerateCnns,
  sample: sampleCnns,
  placesOf(space) {
    const places = cnnPlaces(space);
    return {
      choicesOf: (points) => cnnChoices(points, places),
      pointOf: (row) => cnnOfChoices(row, places),
    };
  },
  levelsOf,
  firstOf: (space, most, seed) => sampleCnns(alike(space), most, seed),
  grow: (points, good, space, seed) =>
    growAround(points, good, seed, {
      keyOf: cnnKey,
      distancesAmong: (list) => cnnDistancesAmong(list),
      neighboursOf: (point) => cnnNeighbours(point, space),
      between: (a, b, most, random) => between(a, b, space, most, random),
    }),
  describe,
};

/** Input, then for each cell its vertices and its output with their edges, then output. */
function cnnGraph({
  cells,
  join = 'sum',
  norm = 'layer',
  pooling = 'last',
}: CnnPoint): LabelledGraph {
  const labels = ['input'];
  const edges: [number, number][] = [];
  const put = (label: string, inputs: readonly number[]): number => {
    const number = labels.push(label) - 1;
    for (const input of inputs) edges.push([input, number]);
    return number;
  };
  let last = 0;
  for (const { channels, activation, vertices, output } of cells) {
    const made = [put(`cell-${channels}-${activation}`, [last])];
    const at = (places: readonly number[]) => places.map((place) => made[place] as number);
    for (const { operation, channels: own = channels, inputs } of vertices) {
      made.push(put(`${nameOfOperation(operation)}-${own}`, at(inputs)));
    }
    last = put(`${join}-${norm}`, at(output));
  }
  put(pooling, [last]);
  return { labels, edges };
}

/** One level if the space can be listed; else cells all alike, cells that differ, then vertices that differ. */
function levelsOf(space: CnnSpace): readonly [FamilyLevel<CnnSpace>, ...FamilyLevel<CnnSpace>[]] {
  if (canEnumerate(space)) return [{ name: 'all networks', space }];
  const cells = { ...space, mixedChannels: false };
  return [
    { name: 'cells all alike', space: alike(space) },
    ...(space.mixedCells ? [{ name: 'cells that differ', space: cells }] : []),
    ...(space.mixedChannels ? [{ name: 'vertices of different channels', space }] : []),
  ];
}

/** Draws for each wanted network; networks with few differences are drawn several times. */
const DRAWS = 4;

/** At each place a cell of one of the two, and of each thing that a network has in common that of one of them. */
function between(
  a: CnnPoint,
  b: CnnPoint,
  space: CnnSpace,
  most: number,
  random: Random,
): readonly CnnPoint[] {
  const [one, other] = [commonOf(a), commonOf(b)];
  if (!one || !other) throw new RangeError('a network is not of a space');
  const [fewest, longest] = [a, b].map(({ cells }) => cells.length).sort((x, y) => x - y);
  const counts = space.cells.filter(
    (count) => count >= (fewest as number) && count <= (longest as number),
  );
  const either = <T>(first: T, second: T): T => (random.uniform() < 0.5 ? first : second);
  const cellAt = (place: number): BareCell =>
    either(a.cells[place] ?? b.cells[place], b.cells[place] ?? a.cells[place]) as BareCell;
  const ends = new Set([cnnKey(a), cnnKey(b)]);
  const found = new Map<string, CnnPoint>();
  for (let draw = 0; draw < DRAWS * most && found.size < most; draw += 1) {
    const count = counts[random.integer(counts.length)] as number;
    const first = cellAt(0);
    const cells = Array.from({ length: count }, (_, i) => (space.mixedCells ? cellAt(i) : first));
    const common = {
      activation: either(one.activation, other.activation),
      norm: either(one.norm, other.norm),
      stride: either(one.stride, other.stride),
      pooling: either(one.pooling, other.pooling),
      join: either(one.join ?? 'sum', other.join ?? 'sum'),
    };
    const bare = cells.map(({ channels, vertices, output }) => ({ channels, vertices, output }));
    const point = canonicalCnn(pointOf(bare, common));
    const key = cnnKey(point);
    if (!ends.has(key)) found.set(key, point);
  }
  return [...found.values()];
}

/** A space as lines of text. Networks that see more rows than a window has are allowed, and counted in a space that is listed. */
function describe(space: CnnSpace): string {
  const { rows, cells, vertices, channels, mixedChannels, mixedCells } = space;
  const alikeOr = (mixed: boolean) => (mixed ? 'each its own' : 'all alike');
  const isListed = canEnumerate(space);
  const all = isListed ? enumerateCnns(space) : [];
  const far = all.filter((point) => reachOfCnn(point) > rows).length;
  const lines: readonly (readonly [string, string])[] = [
    ['window', `${rows} rows`],
    ['cells', `${cells.join(', ')}, ${alikeOr(mixedCells)}`],
    ['strides', space.strides.join(', ')],
    ['vertices', vertices.join(', ')],
    ['operations', space.ops.join(', ')],
    ['channels', `${channels.join(', ')}, of vertices ${alikeOr(mixedChannels)}`],
    ['activations', space.activations.join(', ')],
    ['norms', space.norms.join(', ')],
    ['joins', space.joins.join(', ')],
    ['poolings', space.poolings.join(', ')],
    ['one cell', grouped(cellCount(space))],
    ['networks', grouped(countOf(space))],
    ...(isListed
      ? [['padded', `${grouped(far)} see more rows than a window has, zeros before it`] as const]
      : []),
  ];
  return lines.map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n');
}

/** Without what a network has in common. */
function cellCount(space: CnnSpace): number {
  const [join = 'concatenate'] = space.joins;
  return countCells(space, { join }).all;
}

function grouped(count: bigint | number): string {
  return count.toLocaleString('en-GB');
}
