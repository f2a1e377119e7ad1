// The published measurements of EdgeTran: 782 pairs of a transformer and a device, and search curves.
// Tuli and Jha 2024, "EdgeTran: device-aware co-search of transformers for efficient inference on mobile edge platforms".
import { z } from 'zod';
import { SourceError } from '../../../core/errors.ts';
import type { DesignPoint, HeadName } from '../../../models/design-point.ts';
import { headNames, headOf } from '../design-space/design-key.ts';
import type { DesignSpace } from '../design-space/space.ts';

/** A transformer of FlexiBERT 2.0 and its performance on a device. */
export interface MeasuredPair {
  readonly network: number;
  readonly device: number;
  /** The authors' objective, higher is better; see `performanceOf`. */
  readonly performance: number;
}

export interface MeasuredPairs {
  readonly points: readonly DesignPoint[];
  readonly devices: readonly string[];
  /** No two of the same network and device. */
  readonly pairs: readonly MeasuredPair[];
}

/** A published curve of the best cost so far, 1 - performance. */
export interface PublishedSearch {
  readonly name: string;
  /** Evaluations by the search itself. */
  readonly evaluations: number;
  readonly improvements: readonly (readonly [evaluation: number, cost: number])[];
}

/** FlexiBERT 2.0: up to 12 layers; rows and patch do not matter, since nothing is built. */
export const flexibertSpace: DesignSpace = {
  layers: [2, 4, 6, 8, 10, 12],
  ops: [...headNames],
  heads: [2, 4, 8, 12],
  mixedHeads: true,
  hidden: [128, 256, 512, 768],
  feedForward: [256, 512, 1024, 2048, 3072, 4096],
  stacks: [1, 2, 3],
  mixedStacks: true,
  rows: 128,
  patch: 1,
};

/** Number of given pairs at the start of all published curves. */
const SEEDED = 782;
/** Evaluations by BOSHCODE itself; the rest of its curve is a value set by hand and the tail of Forest's curve. */
const OWN_OF_BOSHCODE = 100;
/** Cost that the authors gave to invalid architectures. */
const INVALID = 100;

const HEADS: Readonly<Record<string, HeadName>> = {
  sa_sdp: 'attention-scaled',
  sa_wma: 'attention-multiplicative',
  l_dft: 'transform-dft',
  l_dct: 'transform-dct',
  c_5: 'convolution-5',
  c_9: 'convolution-9',
  c_13: 'convolution-13',
};

const head = z.string().transform((text, context): HeadName => {
  const name = HEADS[text.slice(0, text.lastIndexOf('_'))];
  if (name === undefined)
    context.addIssue({ code: 'custom', message: `unknown operation ${text}` });
  return name ?? 'attention-scaled';
});

const pairsFile = z.record(
  z.string().regex(/^[^_]+_./),
  z.object({
    model_dict: z.object({
      o: z.array(z.array(head)),
      h: z.array(z.number()),
      f: z.array(z.array(z.number())),
    }),
    performance: z.object({
      latency: z.number(),
      energy: z.number(),
      peak_power: z.number(),
      glue: z.number(),
    }),
  }),
);

const curvesFile = z.record(z.string(), z.object({ convergence: z.array(z.number()) }));

type Performance = z.infer<typeof pairsFile>[string]['performance'];

/** Reads the authors' pairs.json. Throws `SourceError`, naming `name`, for any other text. */
export function readMeasuredPairs(text: string, name: string): MeasuredPairs {
  const networks = new Map<string, number>();
  const devices = new Map<string, number>();
  const points: DesignPoint[] = [];
  const pairs = Object.entries(parsed(pairsFile, text, name)).map(([key, pair]) => {
    const cut = key.indexOf('_');
    const network = numberOf(networks, key.slice(0, cut));
    const { o, h, f } = pair.model_dict;
    points[network] = {
      layers: h.map((hidden, i) => ({
        hidden,
        heads: (o[i] ?? []).map(headOf),
        feedForward: f[i] ?? [],
      })),
    };
    const device = numberOf(devices, key.slice(cut + 1));
    return { network, device, performance: performanceOf(pair.performance) };
  });
  return { points, devices: [...devices.keys()], pairs };
}

/**
 * The part of each published curve that the search found itself. The given pairs are left out, since they are on another
 * scale (divided by their greatest value). From BOSHCODE's curve only its own evaluations are taken.
 */
export function readPublished(text: string, name: string): readonly PublishedSearch[] {
  return Object.entries(parsed(curvesFile, text, name)).map(([method, { convergence }]) => {
    const end = method === 'BOSHCODE' ? SEEDED + OWN_OF_BOSHCODE : convergence.length;
    const own = convergence.slice(SEEDED, end);
    let best = INVALID;
    const improvements = own.flatMap((cost, i) => {
      if (cost >= best) return [];
      best = cost;
      return [[i + 1, cost] as const];
    });
    return { name: method, evaluations: own.length, improvements };
  });
}

/** Weights and maxima of the authors' run_codesign.py. */
function performanceOf({ glue, latency, energy, peak_power }: Performance): number {
  return (
    0.5 * glue +
    0.2 * (1 - latency / 1000) +
    0.2 * (1 - energy / 2000) +
    0.1 * (1 - peak_power / 300)
  );
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function parsed<T>(schema: z.ZodType<T>, text: string, name: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(`${name} is not a file that EdgeTran published: download it again`, {
      code: 'SEN_SRC_PROOF',
      cause,
    });
  }
}
