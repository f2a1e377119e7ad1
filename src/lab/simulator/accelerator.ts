// An accelerator as data, after AccelTran: processing elements of lanes of multipliers, softmax units and a norm unit, three
// buffers, and a main memory. The presets are the published ones.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import {
  BUFFERS,
  CLOCK_HZ,
  IN_ELEMENT,
  IN_LANE,
  LANES,
  MEMORIES,
  MEMORY_NAMES,
  type MemoryName,
  type ModuleFigures,
  NORM,
  SOFTMAX,
} from './modules.ts';

export const ACCELERATOR_FORMAT = 'sentigon-accelerator/1';

export const TILES = [8, 16, 32] as const;
const MULTIPLIERS = [1, 16] as const;
const count = z.int().positive();

const MODULES = [
  ...(['lane', 'softmax', 'norm'] as const),
  ...(['fifo', 'preSparsity', 'postSparsity', 'rounding'] as const),
  ...(['dataflow', 'dma'] as const),
] as const;

export type ModuleName = (typeof MODULES)[number];

const figures = z.strictObject({
  areaUm2: z.number().nonnegative(),
  dynamicMw: z.number().nonnegative(),
  leakageMw: z.number().nonnegative(),
});

const acceleratorSchema = z.strictObject({
  format: z.literal(ACCELERATOR_FORMAT),
  name: z.string().min(1).max(80),
  /** Windows, rows and columns of a tile. */
  tile: z.strictObject({
    batch: count,
    rows: z.literal(TILES),
    columns: z.literal(TILES),
  }),
  elements: count.describe('Processing elements'),
  lanes: count.describe('MAC lanes of an element'),
  multipliers: z.literal(MULTIPLIERS).describe('Multipliers of a lane'),
  softmaxUnits: count.describe('Softmax units of an element'),
  nonLinearity: z.enum(['relu', 'gelu']),
  batch: count.describe('Windows that are computed together'),
  bufferMb: z.strictObject({
    activation: z.number().positive(),
    weight: z.number().positive(),
    mask: z.number().positive(),
  }),
  memory: z.enum(MEMORY_NAMES as [MemoryName, ...MemoryName[]]),
  /** Whether operands for the next tile arrive while one is computed. */
  doubleBuffered: z.boolean().default(true),
  /** Whether idle modules leak nothing. */
  powerGating: z.boolean().default(true),
  /** Figures of other hardware in place of the published ones; each name carries its unit. */
  figures: z.partialRecord(z.enum(MODULES), figures).optional(),
});

export type Accelerator = z.infer<typeof acceleratorSchema>;

/** Published configurations: jha-lab/acceltran, config_tiny and config_base; 4 windows a batch as in the code. */
const edge: Accelerator = {
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

const server: Accelerator = {
  ...edge,
  name: 'server',
  elements: 512,
  lanes: 32,
  softmaxUnits: 32,
  bufferMb: { activation: 32, weight: 64, mask: 8 },
  memory: 'rram-32-2-1',
};

/** By name. */
export const presets: ReadonlyMap<string, Accelerator> = new Map([
  ['edge', edge],
  ['server', server],
]);

/** Throws `ConfigError`, in one line, for a file of another format and for each value that cannot be; `path` is for it. */
export function parseAccelerator(text: string, path: string): Accelerator {
  const parsed = acceleratorSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: place, message }) =>
    [place.join('.'), message].filter(Boolean).join(': '),
  );
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

/** Modules of one kind in an accelerator. */
export interface Parts {
  readonly count: number;
  readonly figures: ModuleFigures;
}

/** Stochastic rounding is for training alone. */
export function partsOf(accelerator: Accelerator, training: boolean): Record<ModuleName, Parts> {
  const { elements, lanes, multipliers, softmaxUnits, nonLinearity, tile } = accelerator;
  const all = elements * lanes;
  const part = (name: ModuleName, n: number, published: ModuleFigures): Parts => ({
    count: n,
    figures: accelerator.figures?.[name] ?? published,
  });
  return {
    lane: part('lane', all, LANES[nonLinearity][multipliers]),
    softmax: part('softmax', elements * softmaxUnits, SOFTMAX[tile.rows]),
    norm: part('norm', elements, NORM[tile.rows]),
    fifo: part('fifo', all, IN_LANE.fifo),
    preSparsity: part('preSparsity', all, IN_LANE.preSparsity),
    postSparsity: part('postSparsity', all, IN_LANE.postSparsity),
    rounding: part('rounding', training ? all : 0, IN_LANE.rounding),
    dataflow: part('dataflow', elements, IN_ELEMENT.dataflow),
    dma: part('dma', elements, IN_ELEMENT.dma),
  };
}

/** Without main memory, which lies beside it. */
export function areaMm2(accelerator: Accelerator, training: boolean): number {
  const modules = Object.values(partsOf(accelerator, training)).reduce(
    (sum, { count: n, figures }) => sum + n * figures.areaUm2,
    0,
  );
  const { activation, weight, mask } = accelerator.bufferMb;
  const buffers =
    activation * BUFFERS.activation.areaUm2 +
    weight * BUFFERS.weight.areaUm2 +
    mask * BUFFERS.mask.areaUm2;
  return (modules + buffers) / 1e6;
}

/** Multiplications and additions a second, all lanes at work. */
export function peakOpsPerS({ elements, lanes, multipliers }: Accelerator): number {
  return 2 * elements * lanes * multipliers * CLOCK_HZ;
}

/** Bits a cycle: 8 of a byte, whatever the bits of an element. */
export function memoryBitsPerCycle({ memory }: Pick<Accelerator, 'memory'>): number {
  return (MEMORIES[memory].bytesPerS * 8) / CLOCK_HZ;
}
