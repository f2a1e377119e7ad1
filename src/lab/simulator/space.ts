// Spaces of accelerators: a small one for networks of some kilobytes, and ELECTOR's own.
import { ConfigError } from '../../core/errors.ts';
import { ACCELERATOR_FORMAT, type Accelerator } from './accelerator.ts';
import { MEMORY_NAMES, type MemoryName } from './modules.ts';

const MB = 1024 * 1024;

/**
 * One value of each: the published buffers of megabytes mean nothing to a network of 50 KB. Masks get an eighth of the other
 * buffers, which is a bit for each element if two fifths of the 20 bits of elements are kept.
 */
const SMALL = {
  tile: [8, 16, 32],
  elements: [1, 2, 4, 8, 16, 64],
  lanes: [1, 4, 16],
  multipliers: [1, 16],
  softmaxUnits: [1, 4],
  nonLinearity: ['relu', 'gelu'],
  batch: [1, 4],
  activationBytes: [16 * 1024, 128 * 1024, MB, 4 * MB],
  weightBytes: [16 * 1024, 128 * 1024, MB, 4 * MB],
  memory: ['dram-32-2-1', 'rram-32-2-1', 'hbm-32-1-4'],
} as const;

export const SMALL_SIZE = sizeOf(SMALL);

/** Accelerator of a number from 0 on, mixed radix, the last choice first. Throws `ConfigError` beyond the space. */
export function smallAccelerator(number: number): Accelerator {
  if (!(Number.isInteger(number) && number >= 0 && number < SMALL_SIZE)) {
    throw new ConfigError(
      `small:${number} is outside of the space: expected a number from 0 to ${SMALL_SIZE - 1}`,
      { code: 'SEN_CFG_ACCELERATOR' },
    );
  }
  let rest = number;
  const pick = <T>(values: readonly T[]): T => {
    const value = values[rest % values.length] as T;
    rest = Math.floor(rest / values.length);
    return value;
  };
  const memory = pick(SMALL.memory);
  const [weight, activation] = [pick(SMALL.weightBytes) / MB, pick(SMALL.activationBytes) / MB];
  const [batch, nonLinearity] = [pick(SMALL.batch), pick(SMALL.nonLinearity)];
  const [softmaxUnits, multipliers] = [pick(SMALL.softmaxUnits), pick(SMALL.multipliers)];
  const [lanes, elements, tile] = [pick(SMALL.lanes), pick(SMALL.elements), pick(SMALL.tile)];
  return {
    ...{ format: ACCELERATOR_FORMAT, name: `small:${number}` },
    ...{ elements, lanes, multipliers, softmaxUnits, nonLinearity, batch, memory },
    tile: { batch: 1, rows: tile, columns: tile },
    bufferMb: { activation, weight, mask: (activation + weight) / 8 },
    ...{ doubleBuffered: true, powerGating: true },
  };
}

const range = (first: number, last: number, step: number): readonly number[] =>
  Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);

/** jha-lab/transcode: 12 places of a vector; the third is always the second. Buffers in megabytes. */
export const ELECTOR = {
  tileBatch: [1, 4],
  tile: [8, 16, 32],
  elements: [64, 128, 256, 512, 1024],
  lanes: [8, 16, 32, 64, 128],
  multipliers: [1, 16],
  softmaxUnits: [2, 4, 8, 16, 32, 64],
  batch: [4, 16, 32],
  activationMb: [4, 8, 16, 32, 64],
  weightMb: [8, 16, 32, 64, 128],
  maskMb: [1, 2, 4, 8, 16],
  memory: range(0, MEMORY_NAMES.length - 1, 1),
} as const;

export const ELECTOR_SIZE = sizeOf(ELECTOR);

const PLACES = [
  ...[ELECTOR.tileBatch, ELECTOR.tile, ELECTOR.tile, ELECTOR.elements, ELECTOR.lanes],
  ...[ELECTOR.multipliers, ELECTOR.softmaxUnits, ELECTOR.batch],
  ...[ELECTOR.activationMb, ELECTOR.weightMb, ELECTOR.maskMb, ELECTOR.memory],
] as const;

/** The nearest vector of the space, the lower of two that are as near. What lies in it stays as it is. */
export function snapped(vector: readonly number[]): readonly number[] {
  const near = PLACES.map((allowed, place) => nearest(allowed, vector[place] ?? Number.NaN));
  return near.map((value, place) => (place === 2 ? (near[1] as number) : value));
}

function nearest(allowed: readonly number[], value: number): number {
  const apart = (other: number): number => Math.abs(other - value);
  return allowed.reduce((best, other) => (apart(other) < apart(best) ? other : best));
}

/** Throws `ConfigError` that names the first place outside of the space. */
export function electorAccelerator(
  vector: readonly number[],
  nonLinearity: Accelerator['nonLinearity'],
): Accelerator {
  const found = snapped(vector);
  const wrong = found.findIndex((value, place) => value !== vector[place]);
  if (wrong >= 0 || vector.length !== PLACES.length) {
    const place = wrong >= 0 ? wrong : PLACES.length;
    throw new ConfigError(
      `the vector ${vector.join(',')} is outside of ELECTOR's space: found ${vector[place]} at place ${place + 1}, expected ${place === 2 ? 'the value of place 2' : (PLACES[place]?.join(', ') ?? 'no more than 12 numbers')}: correct it, or add --snap`,
      { code: 'SEN_CFG_ACCELERATOR' },
    );
  }
  const [batch = 1, tile, , elements = 1, lanes = 1, multipliers, softmaxUnits = 1] = found;
  const [windows = 1, activation = 1, weight = 1, mask = 1, memory = 0] = found.slice(7);
  const edge = tile as Accelerator['tile']['rows']; // snapped to one of the tiles
  return {
    ...{ format: ACCELERATOR_FORMAT, name: `elector:${found.join(',')}` },
    tile: { batch, rows: edge, columns: edge },
    ...{ elements, lanes, softmaxUnits, nonLinearity, batch: windows },
    multipliers: multipliers as Accelerator['multipliers'],
    bufferMb: { activation, weight, mask },
    memory: MEMORY_NAMES[memory] as MemoryName,
    ...{ doubleBuffered: true, powerGating: true },
  };
}

function sizeOf(choices: Readonly<Record<string, readonly unknown[]>>): number {
  return Object.values(choices).reduce((product, { length }) => product * length, 1);
}
