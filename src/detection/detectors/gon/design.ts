// What a `gon` model says of itself: its members and how they ascend.
import { z } from 'zod';
import type {
  BacktrackingAscent,
  DiscriminatorShape,
} from '../../../engine/discriminator-kernels.ts';
import { halfLives } from '../scoring/design.ts';

/** `rec` starts at the observed window, `mem` at the nearest remembered one. */
const route = z.enum(['rec', 'mem']);

const member = z.object({
  /** T, rows: the newest T of the window. */
  length: z.int().positive(),
  /** Whether the level of each channel is taken off first, so that D sees the shape alone. */
  levelFree: z.boolean(),
  hidden: z.int().positive(),
  paths: z.array(z.object({ route, halfLives })).min(1),
});

/** The member whose D is quadratic: minus the squared distance to the span of the principal components of windows. */
const linear = z.object({
  /** T, rows. */
  length: z.int().positive(),
  /** K, rows of the tensor `linear.components`. */
  components: z.int().nonnegative(),
  halfLives,
  /** Share of the score that is its own. */
  weight: z.number().min(0).max(1),
});

export const gonDesign = z.object({
  slope: z.number().positive(),
  firstStep: z.number().positive(),
  recSteps: z.int().nonnegative(),
  memSteps: z.int().nonnegative(),
  anchorWeight: z.number().nonnegative(),
  /** Remembered normal windows, rows of the tensor `memory`; each is as long as the longest member. */
  memory: z.int().positive(),
  members: z.array(member).min(1),
  linear: linear.optional(),
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

/**
 * `rec`: from the observed window up to what D calls normal; how far that is says how anomalous it was.
 * `mem`: from a remembered window towards the observed one, as far as D still calls it normal.
 */
export function ascentOf(
  route: Route,
  design: Pick<GonDesign, 'firstStep' | 'recSteps' | 'memSteps' | 'anchorWeight'>,
): BacktrackingAscent {
  const { firstStep, recSteps, memSteps, anchorWeight } = design;
  return route === 'rec'
    ? { rule: 'backtracking', steps: recSteps, firstStep, anchorWeight: 0 }
    : { rule: 'backtracking', steps: memSteps, firstStep, anchorWeight };
}
