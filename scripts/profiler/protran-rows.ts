// The measurements of ProTran's authors: transformers on seven devices, a file a device (dataset.json of JHA-Lab/protran).
//
// Notation   N transformers, E columns
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SourceError } from '../../src/core/errors.ts';
import type { Points } from '../../src/engine/regression/regressor.ts';
import { sideBySide } from '../../src/lab/profiler/rows.ts';

/** Tokens of a sequence. */
const LENGTH = 128;

/** Operations of heads, without their widths. */
const OPS = ['sa_sdp', 'sa_wma', 'l_dft', 'l_dct', 'c_5', 'c_9', 'c_13'];

const measured = z.object({
  model_dict: z.object({
    l: z.int().positive(),
    /** Heads of each layer as `<operation>_<width>`. */
    o: z.array(z.array(z.string())),
    h: z.array(z.int().positive()),
    /** Feed-forward layers of each layer. */
    f: z.array(z.array(z.int().positive())),
  }),
  embedding: z.string(),
  performance: z.object({
    latency: z.number().positive(),
    energy: z.number().positive(),
    peak_power: z.number().positive(),
  }),
});

const fileSchema = z.record(z.string(), measured);

type Transformer = z.infer<typeof measured>['model_dict'];

/** What is measured of each, in the order of `values`. */
export const QUANTITIES = ['latency', 'energy', 'peak power'] as const;

export interface DeviceRows {
  readonly device: string;
  /** The authors' 37 integers, what is counted of the design, and both. */
  readonly views: { readonly embedding: Points; readonly analytic: Points; readonly both: Points };
  /** (N,) of each quantity: seconds, joules, watts; a sequence each. */
  readonly values: readonly Float64Array[];
}

/** Throws `SourceError` where the folder has none, or a file is something else. */
export function readProtran(folder: string): readonly DeviceRows[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (files.length === 0) throw new SourceError(`${folder} has no measurements of ProTran`);
  return files.sort().map((name) => readDevice(join(folder, name), name.replace('.json', '')));
}

function readDevice(path: string, device: string): DeviceRows {
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new SourceError(`${path} has no measurements of ProTran`);
  const rows = Object.values(parsed.data);
  const embedding = pointsOf(
    rows.map((row) => z.array(z.number()).parse(JSON.parse(row.embedding))),
  );
  const analytic = pointsOf(rows.map((row) => featuresOf(row.model_dict)));
  const column = (read: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, read);
  return {
    device,
    views: { embedding, analytic, both: sideBySide(analytic, embedding) },
    values: [
      column(({ performance }) => performance.latency),
      column(({ performance }) => performance.energy),
      column(({ performance }) => performance.peak_power),
    ],
  };
}

function pointsOf(rows: readonly (readonly number[])[]): Points {
  return { values: Float64Array.from(rows.flat()), width: rows[0]?.length ?? 0 };
}

/** Multiplications in millions, in all and by part; weights in millions; layers, widths, heads. */
function featuresOf({ l, o, h, f }: Transformer): readonly number[] {
  const byOp = OPS.map((op) =>
    sum(o.map((heads, i) => sum(heads.map((head) => headMacs(head, op, h[i] ?? 0))))),
  );
  const joined = sum(h.map((hidden) => LENGTH * hidden * hidden));
  const feedWeights = sum(
    h.map((hidden, i) => chain([hidden, ...(f[i] ?? []), h[i + 1] ?? hidden])),
  );
  const feed = LENGTH * feedWeights;
  const macs = sum(byOp) + joined + feed;
  return [
    ...[...byOp, joined, feed, macs, macs / LENGTH].map((count) => count / 1e6),
    l,
    Math.max(...h),
    sum(h) / l,
    sum(o.map((heads) => heads.length)),
    sum(f.map((stack) => stack.length)),
    sum(f.map((stack) => sum(stack))),
  ];
}

/** Of one head on all tokens if it is of that operation: projections, and what mixes the tokens. */
function headMacs(head: string, op: string, hidden: number): number {
  if (!head.startsWith(`${op}_`)) return 0;
  const width = Number(head.slice(op.length + 1));
  const projection = LENGTH * hidden * width;
  const pairs = LENGTH * LENGTH * width;
  const square = LENGTH * width * width;
  switch (op) {
    case 'sa_sdp':
      return 3 * projection + 2 * pairs;
    case 'sa_wma':
      return 3 * projection + square + 2 * pairs;
    case 'l_dft':
      return projection + 2 * (pairs + square);
    case 'l_dct':
      return projection + pairs + square;
    default: {
      const kernel = Number(op.slice(2));
      return 3 * projection + square + LENGTH * width * (3 * kernel + 1);
    }
  }
}

/** Weights of layers one behind the other. */
function chain(widths: readonly number[]): number {
  return sum(widths.slice(1).map((to, i) => (widths[i] ?? 0) * to));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
