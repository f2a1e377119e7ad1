// An accelerator as data: processing elements of lanes of multipliers, softmax units and a norm unit, three buffers, and a main
// memory. AccelTran's gives tiles to its lanes, AccelBench's unrolls the loops of a convolution over all of them; what follows from
// that is in `hardware.ts`. The presets are the published ones.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { CLOCK_HZ, MEMORIES, MEMORY_NAMES, type MemoryName, MODULES } from './modules.ts';

export const ACCELERATOR_FORMAT = 'sentigon-accelerator/1';

export const TILES = [8, 16, 32] as const;
const MULTIPLIERS = [1, 16] as const;
const count = z.int().positive();

const figures = z.strictObject({
  areaUm2: z.number().nonnegative(),
  dynamicMw: z.number().nonnegative(),
  leakageMw: z.number().nonnegative(),
});

/** What every accelerator has. */
const common = {
  format: z.literal(ACCELERATOR_FORMAT),
  name: z.string().min(1).max(80),
  multipliers: z.literal(MULTIPLIERS).describe('Multipliers of a lane'),
  nonLinearity: z.enum(['relu', 'gelu']),
  batch: count.describe('Windows that are computed together'),
  bufferMb: z.strictObject({
    activation: z.number().positive(),
    weight: z.number().positive(),
    mask: z.number().positive(),
  }),
  memory: z.enum(MEMORY_NAMES as [MemoryName, ...MemoryName[]]),
  /** Whether idle modules leak nothing. */
  powerGating: z.boolean().default(true),
  /** Figures of other hardware in place of the published ones; each name carries its unit. */
  figures: z.partialRecord(z.enum(MODULES), figures).optional(),
};

const tiledSchema = z.strictObject({
  ...common,
  /** Windows, rows and columns of a tile. */
  tile: z.strictObject({
    batch: count,
    rows: z.literal(TILES),
    columns: z.literal(TILES),
  }),
  elements: count.describe('Processing elements'),
  lanes: count.describe('MAC lanes of an element'),
  softmaxUnits: count.describe('Softmax units of an element'),
  /** Whether operands for the next tile arrive while one is computed. */
  doubleBuffered: z.boolean().default(true),
});

const unrolledSchema = z.strictObject({
  ...common,
  /**
   * Steps of each loop of a convolution that are made at once; of the channels that are summed, as many as a lane has
   * multipliers. AccelBench's Pib and Pix make the processing elements, Pof and Pk the lanes of each, Pif the multipliers.
   */
  unrolled: z.strictObject({ windows: count, rows: count, columns: count, taps: count }),
});

/** After AccelTran: lanes take the tiles of an operation, each by itself. */
export type TiledAccelerator = z.infer<typeof tiledSchema>;
/** After AccelBench: all lanes work on one convolution, whose loops are unrolled over them. */
export type UnrolledAccelerator = z.infer<typeof unrolledSchema>;
export type Accelerator = TiledAccelerator | UnrolledAccelerator;

/** Published configurations: jha-lab/acceltran, config_tiny and config_base; 4 windows a batch as in the code. */
const edge: TiledAccelerator = {
  format: ACCELERATOR_FORMAT,
  name: 'edge',
  tile: { batch: 1, rows: 16, columns: 16 },
  elements: 64,
  lanes: 16,
  multipliers: 16,
  softmaxUnits: 4,
  nonLinearity: 'gelu',
  batch: 4,
  bufferMb: { activation: 4, weight: 8, mask: 1 },
  memory: 'dram-32-2-1',
  doubleBuffered: true,
  powerGating: true,
};

const server: TiledAccelerator = {
  ...edge,
  name: 'server',
  elements: 512,
  lanes: 32,
  softmaxUnits: 32,
  bufferMb: { activation: 32, weight: 64, mask: 8 },
  memory: 'rram-32-2-1',
};

/** By name. */
export const presets: ReadonlyMap<string, TiledAccelerator> = new Map([
  ['edge', edge],
  ['server', server],
]);

/** Throws `ConfigError`, in one line, for a file of another format and for each value that cannot be; `path` is for it. */
export function parseAccelerator(text: string, path: string): Accelerator {
  const json = jsonOf(text, path);
  // Of the two, the one that is meant, so that a fault is named with its place.
  const hasUnrolled = typeof json === 'object' && json !== null && 'unrolled' in json;
  const schema = hasUnrolled ? unrolledSchema : tiledSchema;
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = faultTexts(parsed.error, json, { schema });
  throw new ConfigError(
    `${path} is no accelerator of the format ${ACCELERATOR_FORMAT} (${faults.join('; ')}): correct it, or start from one that --write-accelerator writes`,
    { code: 'SEN_CFG_ACCELERATOR' },
  );
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `${path} is no accelerator: found no JSON, expected the format ${ACCELERATOR_FORMAT}`,
      { code: 'SEN_CFG_ACCELERATOR', cause },
    );
  }
}

/** Bits a cycle: 8 of a byte, whatever the bits of an element. */
export function memoryBitsPerCycle({ memory }: Pick<Accelerator, 'memory'>): number {
  return (MEMORIES[memory].bytesPerS * 8) / CLOCK_HZ;
}
