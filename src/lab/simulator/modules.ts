// The hardware table of AccelTran and AccelBench: area, power and energy of each module, and of each memory. 14 nm FinFET, 0.8 V,
// 700 MHz.
// Source of each number unless a comment says otherwise: jha-lab/acceltran, constants/constants.yaml and the synthesis
// reports beside it; Tuli and Jha 2023, "AccelTran: a sparsity-aware accelerator for dynamic inference with transformers".

/** Design Compiler's figures of one instance. */
export interface ModuleFigures {
  readonly areaUm2: number;
  readonly dynamicMw: number;
  readonly leakageMw: number;
}

export const MODULES = [
  ...(['lane', 'softmax', 'norm'] as const),
  ...(['fifo', 'preSparsity', 'postSparsity', 'rounding'] as const),
  ...(['dataflow', 'dma'] as const),
  ...(['im2col', 'pooling'] as const),
] as const;

export type ModuleName = (typeof MODULES)[number];

/** Modules of one kind in an accelerator. */
export interface Parts {
  readonly count: number;
  readonly figures: ModuleFigures;
}

const figures = (areaUm2: number, dynamicMw: number, leakageMw: number): ModuleFigures => ({
  areaUm2,
  dynamicMw,
  leakageMw,
});

export const CLOCK_HZ = 700e6;

/** Elements of a number format with 4 bits before and 16 after the point. */
export const ELEMENT_BITS = 20;

/** Of a fifo, elements: its depth, read in one cycle. */
export const FIFO_ELEMENTS = 32;

/** MAC lane by multipliers and non-linearity. */
export const LANES = {
  gelu: { 1: figures(1209.96, 0.67059, 0.04191), 16: figures(9418.67, 5.1955, 0.31897) },
  relu: { 1: figures(597.96, 0.27561, 0.02237), 16: figures(8819.48, 4.8926, 0.3003) },
} as const;

/** By rows of a tile. Synthesis of the norm of 16 rows misses 700 MHz by 165 ps (slack -0.165 ns at 1.429 ns). */
export const SOFTMAX = {
  8: figures(22008.1, 9.1386, 0.68249),
  16: figures(87573.3, 34.6343, 2.6696),
  32: figures(348466.9, 131.26, 10.4423),
} as const;

export const NORM = {
  8: figures(20631.0, 12.6646, 0.65949),
  16: figures(81104.1, 43.8378, 2.5753),
  32: figures(318834.6, 151.48, 10.0357),
} as const;

/** What each lane has beside its multipliers. */
export const IN_LANE = {
  fifo: figures(484.38, 0.05639, 0.01408),
  preSparsity: figures(6216.9, 0.2853, 0.15073),
  postSparsity: figures(1181.2, 0.2614, 0.03243),
  rounding: figures(79.04, 0.02166, 0.00401),
} as const;

/** What each processing element has once. */
export const IN_ELEMENT = {
  dataflow: figures(75947.0, 11.3711, 2.7312),
  dma: figures(144.64, 0.03353, 0.00638),
} as const;

/**
 * What AccelBench has in place of AccelTran's softmax and norm, and beside them: jha-lab/codebench,
 * accelerator_design-space/accelbench/run.py; the loss unit, which run.py leaves out, from defines.py beside it. Lanes, sparsity
 * units, fifos, dataflow and DMA have the figures of AccelTran there, too.
 *
 * Departs from run.py: its dynamic power of im2col is 423.0658, in a table of milliwatts. That would be 30 W per mm2, fifty
 * times that of a lane, and it alone is not scaled by the clock: it is taken for microwatts.
 */
export const ACCELBENCH = {
  loss: figures(4223.41, 0.9453281, 0.1236274),
  batchNorm: figures(14654.49, 8.3914, 0.5323004),
  im2col: figures(14307.18, 0.4230658, 0.396345),
  pooling: figures(3395.05, 1.143, 0.1281938),
} as const;

export type Buffer = 'activation' | 'weight' | 'mask';

/** By megabyte, as CACTI gives them; an access of a block costs `accessNj` times the root of the megabytes. */
export const BUFFERS: Readonly<
  Record<
    Buffer,
    { readonly areaUm2: number; readonly leakageMw: number; readonly accessNj: number }
  >
> = {
  activation: { areaUm2: 303305.8, leakageMw: 247.92, accessNj: 0.079275 },
  weight: { areaUm2: 294100.8, leakageMw: 210.4, accessNj: 0.085659 },
  mask: { areaUm2: 302565.0, leakageMw: 238.2, accessNj: 0.082007 },
};

/** Bytes of a block, in buffers and in main memory. */
export const BLOCK_BYTES = 64;

/** Bandwidth of a buffer, bytes a second. */
export const BUFFER_BYTES_PER_S = 370e9;

interface MemoryFigures {
  /** Of one block, by NVMain. */
  readonly accessNj: number;
  readonly bytesPerS: number;
  /** While it is accessed and while it is powered down; undefined = no published figure was found. */
  readonly standbyMw: number | undefined;
  readonly downMw: number | undefined;
  /** What leaks and is in no published figure, so that the leakage of a run lacks it. */
  readonly leavesOut?: string;
}

/** Low and high bandwidth. */
const LOW = 25.6e9;
const HIGH = 256e9;

/**
 * Cells of resistive memory keep their content without power, which is 0 for them. Decoders, drivers and sense amplifiers do take
 * some, of which no figure for these memories is published: it is missing, to the advantage of RRAM over DRAM.
 */
const rram = (accessNj: number): MemoryFigures => ({
  accessNj,
  bytesPerS: HIGH,
  standbyMw: 0,
  downMw: 0,
  leavesOut: 'the periphery of the RRAM',
});

/**
 * A rank of LPDDR3-1600 x32 takes IDD2N 0.8 mA at 1.8 V and 26 mA at 1.2 V in standby, IDD2P 0.8 and 1.8 mA powered down:
 * data sheet of Micron EDF8132A1MC, as gem5's LPDDR3_1600_1x32 quotes it.
 */
const RANK_STANDBY_MW = 0.8 * 1.8 + 26 * 1.2;
const RANK_DOWN_MW = 0.8 * 1.8 + 1.8 * 1.2;

const dram = (accessNj: number, ranks: number): MemoryFigures => ({
  accessNj,
  bytesPerS: LOW,
  standbyMw: ranks * RANK_STANDBY_MW,
  downMw: ranks * RANK_DOWN_MW,
});

/**
 * Banks, ranks and channels; in the order of ELECTOR's vectors, and of AccelBench's. Their figures are the same but for
 * dram-32-2-1, for which AccelBench has 53.44 nJ, four times those of AccelTran, the later of the two.
 */
export const MEMORIES = {
  'rram-16-2-2': rram(17.32),
  'rram-8-2-4': rram(32.66),
  'rram-4-2-8': rram(69.33),
  'rram-2-2-16': rram(149.06),
  'rram-32-2-1': rram(8.633),
  'rram-1-2-32': rram(340.97),
  'dram-16-2-2': dram(69.01, 4),
  'dram-8-2-4': dram(200.28, 8),
  'dram-32-2-1': dram(13.44, 2),
  'dram-16-4-1': dram(38.29, 4),
  'hbm-32-1-4': {
    ...{ accessNj: 26.56, bytesPerS: HIGH, standbyMw: undefined, downMw: undefined },
    leavesOut: 'main memory',
  },
} as const satisfies Record<string, MemoryFigures>;

export type MemoryName = keyof typeof MEMORIES;
export const MEMORY_NAMES = Object.keys(MEMORIES) as readonly MemoryName[];
