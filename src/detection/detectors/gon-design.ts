// What a `gon` model says of itself: its members, how they ascend, and the scale each of their scores is put on.
import { z } from 'zod';
import { WeightsError } from '../../core/errors.ts';
import type { BacktrackingAscent, DiscriminatorShape } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';

/** The scale of one score, from the held-back tail of the training data. */
const yardstick = z.object({ median: z.number().nonnegative(), spread: z.number().positive() });

const member = z.object({
  /** T, rows: the newest T of the model's window. */
  length: z.int().positive(),
  hidden: z.int().positive(),
  /** Remembered normal windows, rows of the tensor `m<length>.memory`. */
  memory: z.int().positive(),
  rec: yardstick,
  mem: yardstick,
});

const design = z.object({
  slope: z.number().positive(),
  firstStep: z.number().positive(),
  recSteps: z.int().nonnegative(),
  memSteps: z.int().nonnegative(),
  anchorWeight: z.number().nonnegative(),
  members: z.array(member).min(1),
});

export type Yardstick = z.infer<typeof yardstick>;
export type MemberDesign = z.infer<typeof member>;
export type GonDesign = z.infer<typeof design>;

/** The part of a design that is known before the scores are put on their scale. */
type Ascents = Omit<GonDesign, 'members'>;
export type MemberShape = Omit<MemberDesign, 'rec' | 'mem'>;

/** Throws `WeightsError` naming the first setting that is missing or wrong. */
export function readDesign(model: Model): GonDesign {
  const read = design.safeParse(model.design);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new WeightsError(
    `model ${model.id}: design ${issue?.path.join('.')}: ${issue?.message}: train it again`,
  );
}

export function shapeOf(member: MemberShape, slope: number, width: number): DiscriminatorShape {
  const { length, hidden } = member;
  return { inputs: length * width, hidden1: hidden, hidden2: hidden, slope };
}

/** The prefix of a member's tensors. */
export function prefixOf(member: { readonly length: number }): string {
  return `m${member.length}`;
}

/** From the observed window up to what D calls normal: how far that is says how anomalous it was. */
export function recAscent(design: Ascents): BacktrackingAscent {
  return {
    rule: 'backtracking',
    steps: design.recSteps,
    firstStep: design.firstStep,
    anchorWeight: 0,
  };
}

/** From a remembered window towards the observed one, as far as D still calls it normal. */
export function memAscent(design: Ascents): BacktrackingAscent {
  const { memSteps: steps, firstStep, anchorWeight } = design;
  return { rule: 'backtracking', steps, firstStep, anchorWeight };
}

/** 0 up to the median of normal data, ln 2 at its 99th percentile; the logarithm keeps one member from drowning the others. */
export function standardise(value: number, { median, spread }: Yardstick): number {
  return Math.log1p(Math.max(0, value - median) / spread);
}
