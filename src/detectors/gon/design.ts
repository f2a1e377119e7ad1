// The design of a `gon` model: its members and their ascents.
import { z } from 'zod';
import type { BacktrackingAscent, DiscriminatorShape } from '../../engine/discriminator-kernels.ts';
import { halfLives } from '../scoring/design.ts';

const share = z.number().min(0).max(1);

/** `rec` starts at the observed window, `mem` at the nearest remembered one. */
const route = z.enum(['rec', 'mem']);

const member = z.object({
  /** T, rows: the newest T of the window. */
  length: z.int().positive(),
  /** Whether the level of each channel is subtracted, so that D sees only the shape. */
  levelFree: z.boolean(),
  hidden: z.int().positive(),
  /** `magnitude` is the weight of the path's magnitude in the whole score. */
  paths: z.array(z.object({ route, halfLives, magnitude: share.optional() })).min(1),
});

/** The member whose D is quadratic: minus the squared distance to the span of the principal components of windows. */
const linear = z.object({
  /** T, rows. */
  length: z.int().positive(),
  /** K, rows of the tensor `linear.components`. */
  components: z.int().nonnegative(),
  halfLives,
  /** Weight in the score of members. */
  weight: share,
});

/** The span of single normal rows; the score uses the magnitude of the distance to it. */
const rowSpan = z.object({
  /** K, rows of the tensor `row.components`. */
  components: z.int().nonnegative(),
  /** Weight in the whole score. */
  magnitude: share,
});

export const gonDesign = z.object({
  slope: z.number().positive(),
  firstStep: z.number().positive(),
  recSteps: z.int().nonnegative(),
  memSteps: z.int().nonnegative(),
  anchorWeight: z.number().nonnegative(),
  /** Clip limit of the members' windows, deviations; absent = the scaler's limit. */
  memberClip: z.number().positive().optional(),
  /** Remembered normal windows, rows of the tensor `memory`; each is as long as the longest member. */
  memory: z.int().positive(),
  /**
   * Whether `memory` holds coordinates in the span of the linear member, those of each stretch of its length one after the
   * other, in place of the windows. A compression makes it so.
   */
  memorySpan: z.boolean().optional(),
  members: z.array(member).min(1),
  linear: linear.optional(),
  rowSpan: rowSpan.optional(),
  /** Whether the views of members have equal weights or weights proportional to their window lengths. */
  weighting: z.enum(['alike', 'length']).default('alike'),
});

export type Route = z.infer<typeof route>;
export type GonDesign = z.infer<typeof gonDesign>;
export type MemberDesign = z.infer<typeof member>;
export type LinearDesign = z.infer<typeof linear>;

/** T of the longest member, the linear one included. */
export function longestMember({
  members,
  linear,
}: {
  readonly members: readonly Pick<MemberDesign, 'length'>[];
  readonly linear?: Pick<LinearDesign, 'length'> | undefined;
}): number {
  return Math.max(linear?.length ?? 0, ...members.map(({ length }) => length));
}

export function shapeOf(
  member: Pick<MemberDesign, 'length' | 'hidden'>,
  slope: number,
  width: number,
): DiscriminatorShape {
  const { length, hidden } = member;
  return { inputs: length * width, hidden1: hidden, hidden2: hidden, slope };
}

/** The prefix of a member's tensors. */
export function prefixOf({ length, levelFree }: Pick<MemberDesign, 'length' | 'levelFree'>) {
  return `${levelFree ? 'shape' : 'm'}${length}`;
}

type Ascents = Pick<GonDesign, 'firstStep' | 'recSteps' | 'memSteps' | 'anchorWeight'>;

/**
 * `rec`: ascends from the observed window to a normal one; the distance between them is the score.
 * `mem`: ascends from a remembered window towards the observed one, as far as D still scores it normal. Without steps the
 * path stays at the remembered window and needs no D.
 */
export function ascentOf(route: Route, design: Ascents): BacktrackingAscent {
  const { firstStep, recSteps, memSteps, anchorWeight } = design;
  return route === 'rec'
    ? { rule: 'backtracking', steps: recSteps, firstStep, anchorWeight: 0 }
    : { rule: 'backtracking', steps: memSteps, firstStep, anchorWeight };
}

/** Whether any path of the member has ascent steps; otherwise the member has no discriminator. */
export function ascends({ paths }: Pick<MemberDesign, 'paths'>, design: Ascents): boolean {
  return paths.some(({ route }) => ascentOf(route, design).steps > 0);
}
