// Searches among stretches of shared cells in WebAssembly memory.
import type { StretchKernels, StretchPlaces, StretchSearch } from '../discriminator-kernels.ts';
import type { KernelInstance } from './kernel-instance.ts';

/** The greatest coarse number, and the levels that a line of them repeats: as in assembly/stretches.ts. */
const FARTHEST = 1000;
const REPEATED = 7;
/** Smaller numbers are all 0 when they are coarse: single precision has no inverse of their resolution. */
const LEAST_FARTHEST = 1e-30;
/** Bytes of a register: `coarsen` writes whole ones. */
const REGISTER = 16;
/** No stretch. */
const NONE = -1;

type Sizes = ReturnType<typeof searchSizes>;

/** Bytes of all arrays. */
export function stretchBytes(cells: number, places: readonly StretchPlaces[]): readonly number[] {
  return [
    ...Object.values(cellSizes(cells)),
    ...places.flatMap((each) => Object.values(searchSizes(each))),
  ];
}

function cellSizes(cells: number) {
  return { cells: 4 * cells, coarseCells: 2 * cells + REGISTER };
}

function searchSizes(places: StretchPlaces) {
  const { inputs, starts } = places;
  const width = widthOf(places);
  const levels = width > 0 ? starts.length * (width + REPEATED) : 0;
  return {
    x: 4 * inputs,
    coarseX: 2 * inputs + REGISTER,
    starts: 4 * starts.length,
    levels: 4 * levels,
    coarseLevels: 2 * levels + REGISTER,
    /** As the class in assembly/stretches.ts. */
    block: 56,
  };
}

/** C; 0 without levels. */
function widthOf({ starts, levels }: StretchPlaces): number {
  return levels ? levels.length / starts.length : 0;
}

export function wasmStretches(
  { arena, exports }: KernelInstance,
  given: Float32Array,
  places: readonly StretchPlaces[],
): StretchKernels {
  const sizes = cellSizes(given.length);
  const cells = arena.floats(arena.allocate(sizes.cells), given.length);
  cells.set(given);
  const coarseCells = arena.allocate(sizes.coarseCells);
  const all = [given, ...places.flatMap(({ levels = [] }) => [levels])];
  const farthest = all.reduce((most, values) => farthestOf(values, most), 0);
  const resolution = farthest > LEAST_FARTHEST ? farthest / FARTHEST : 1;
  exports.coarsen(coarseCells, cells.byteOffset, cells.length, resolution, FARTHEST);
  const shared = { cells: cells.byteOffset, coarseCells, resolution };
  return { cells, searches: places.map((each) => searchIn({ arena, exports }, shared, each)) };
}

function searchIn(
  { arena, exports }: KernelInstance,
  { cells, coarseCells, resolution }: Record<'cells' | 'coarseCells' | 'resolution', number>,
  places: StretchPlaces,
): StretchSearch {
  const { inputs, starts } = places;
  const width = widthOf(places);
  const at = Object.fromEntries(
    Object.entries(searchSizes(places)).map(([name, bytes]) => [name, arena.allocate(bytes)]),
  ) as Record<keyof Sizes, number>; // fromEntries loses the type of the keys
  arena.integers(at.starts, starts.length).set(starts);
  const levels = arena.floats(at.levels, searchSizes(places).levels / 4);
  const line = width + REPEATED;
  for (let i = 0; i < levels.length; i++) {
    levels[i] = places.levels?.[Math.floor(i / line) * width + ((i % line) % width)] as number;
  }
  exports.coarsen(at.coarseLevels, at.levels, levels.length, resolution, FARTHEST);
  new DataView(arena.buffer).setFloat64(at.block, resolution, true);
  const words = [inputs, starts.length, width, cells, coarseCells, at.x, at.coarseX];
  arena.integers(at.block + 8, 11).set([...words, at.starts, at.levels, at.coarseLevels, NONE]);
  return { x: arena.floats(at.x, inputs), nearest: () => exports.nearestStretch(at.block) };
}

/** The greatest size of the values, which is not NaN where one of them is, and of `least`. */
function farthestOf(values: ArrayLike<number>, least: number): number {
  let farthest = least;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] as number);
    if (size > farthest) farthest = size;
  }
  return farthest;
}
