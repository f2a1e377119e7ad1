// Trains the discriminators of a GON one after the other, and chooses the windows each member remembers. A member whose
// paths take no step of the ascent needs no discriminator and gets none.

import type { TrainStep } from '../../../engine/discriminator-kernels.ts';
import { createRandom } from '../../../engine/random.ts';
import { initialise, toTensors } from '../../../models/discriminator.ts';
import type { Model, ModelTensor } from '../../../models/model.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import { halfLivesFor } from '../../scoring/training/half-lives.ts';
import {
  thinned,
  type WindowTable,
  windowAt,
  windowCopier,
  windowTable,
} from '../../scoring/training/window-table.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import {
  ascends,
  type GonDesign,
  longestMember,
  type MemberDesign,
  prefixOf,
  shapeOf,
} from '../design.ts';
import type { GonData, MemberLength } from './data.ts';
import { trainDiscriminator } from './discriminator.ts';
import { LEAST_CHANNELS, trainLinear, trainRowSpan } from './linear.ts';
import { type GonOptions, MOST_LENGTH } from './options.ts';

const SLOPE = 0.2;
/** Units of log D a step gains at first; backtracking finds its own size within a few steps. */
const FIRST_STEP = 2;
/** A single channel's score is half a mean over rows: the longest window over this. */
const MEAN_ROWS = 4;

/** Members up to this many rows take the path `rec`: D's own way back from a longer window spreads over all its rows. */
const REC_UP_TO = 5;

export interface TrainedMembers {
  readonly design: GonDesign;
  readonly tensors: Model['tensors'];
  readonly losses: readonly number[];
  /** Rows of that mean; 1 = none. */
  readonly meanRows: number;
}

export async function trainMembers(
  data: GonData,
  options: GonOptions,
  context: TrainingContext,
): Promise<TrainedMembers> {
  const { recSteps, memSteps, anchorWeight, hidden } = options;
  const steps = { firstStep: FIRST_STEP, recSteps, memSteps, anchorWeight };
  const width = data.series.channels.length;
  const members = data.members
    .map((member) => ({ ...member, hidden, paths: pathsFor(member, recSteps) }))
    .filter(({ paths }) => paths.length > 0);
  const learning = members.filter((member) => ascends(member, steps));
  const { tensors, losses } = await trainEach(learning, data.near, options, context);
  const linear = await trainLinear(data.near, options, context);
  const magnitudes = withMagnitudes(members, data.near, options);
  const rows = longestMember({ members, linear: linear?.design });
  const memory = remember(windowTable(data.near, rows, [0, data.cut]), options);
  return {
    design: {
      slope: SLOPE,
      ...steps,
      ...(data.memberClip && { memberClip: data.memberClip }),
      memory: memory.shape[0] as number,
      members: magnitudes.members,
      ...(linear && { linear: linear.design }),
      ...(magnitudes.rowSpan && { rowSpan: magnitudes.rowSpan }),
      weighting: width < LEAST_CHANNELS ? 'length' : 'alike',
    },
    tensors: { ...tensors, ...linear?.tensors, ...magnitudes.tensors, memory },
    losses,
    meanRows: width < LEAST_CHANNELS ? Math.max(1, Math.round(rows / MEAN_ROWS)) : 1,
  };
}

async function trainEach(
  members: readonly MemberDesign[],
  data: TrainingData,
  options: GonOptions,
  context: TrainingContext,
) {
  const tensors: Record<string, ModelTensor> = {};
  const losses: number[] = [];
  const cost = members.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const member of members) {
    const report = (fraction: number, loss: number, step: number) =>
      context.progress({
        fraction: (done + fraction * member.length) / cost,
        step: losses.length * options.steps + step,
        steps: members.length * options.steps,
        loss,
      });
    const trained = await trainMember(member, data, options, context, report);
    Object.assign(tensors, trained.tensors);
    losses.push(trained.loss);
    done += member.length;
  }
  return { tensors, losses };
}

function pathsFor({ length, levelFree }: MemberLength, recSteps: number): MemberDesign['paths'] {
  const halfLives = halfLivesFor(length);
  return [
    ...(length <= REC_UP_TO && !levelFree && recSteps > 0
      ? [{ route: 'rec' as const, halfLives: halfLives.slice(-1) }]
      : []),
    ...(length > 1 ? [{ route: 'mem' as const, halfLives }] : []),
  ];
}

/**
 * Shares the weight of magnitudes out among the span of single rows and the longest path of the ascent from the observed
 * window. A single channel has nothing to equalise, so its magnitude is its distance.
 */
function withMagnitudes(
  members: readonly MemberDesign[],
  data: TrainingData,
  { magnitudeWeight }: GonOptions,
): Pick<GonDesign, 'members' | 'rowSpan'> & Pick<TrainedMembers, 'tensors'> {
  const span = magnitudeWeight > 0 ? trainRowSpan(data) : undefined;
  if (!span) return { members: [...members], tensors: {} };
  const [climbing] = members
    .filter(({ paths }) => paths.some(({ route }) => route === 'rec'))
    .toSorted((a, b) => b.length - a.length);
  const magnitude = climbing ? magnitudeWeight / 2 : magnitudeWeight;
  return {
    members: members.map((member) =>
      member === climbing ? { ...member, paths: readByMagnitude(member.paths, magnitude) } : member,
    ),
    rowSpan: { components: span.components, magnitude },
    tensors: span.tensors,
  };
}

function readByMagnitude(paths: MemberDesign['paths'], magnitude: number): MemberDesign['paths'] {
  return paths.map((path) => (path.route === 'rec' ? { ...path, magnitude } : path));
}

async function trainMember(
  member: MemberLength,
  data: TrainingData,
  options: GonOptions,
  context: TrainingContext,
  report: (fraction: number, loss: number, step: number) => void,
) {
  const { length, levelFree } = member;
  const table = windowTable(data, length, [0, data.cut]);
  const { hidden, steps, batch } = options;
  const shape = shapeOf({ length, hidden }, SLOPE, table.width);
  const kernels = context.kernels.discriminator(shape, batch);
  // A stream of its own: adding a member leaves the others as they are.
  const random = createRandom(
    2 * context.seed * MOST_LENGTH + (levelFree ? MOST_LENGTH : 0) + length,
  );
  initialise(kernels.weights, shape, random.uniform);
  const real = {
    count: table.starts.length,
    width: table.width,
    inputs: shape.inputs,
    copy: windowCopier(table, levelFree),
  };
  const loss = await trainDiscriminator(kernels, real, {
    steps,
    batch,
    random,
    step: trainStep(options),
    signal: context.signal,
    report: (step, loss) => report((step + 1) / steps, loss, step + 1),
  });
  return { loss, tensors: toTensors(kernels.weights, shape, prefixOf(member)) };
}

function trainStep(options: GonOptions): TrainStep {
  return {
    optimised: Math.floor(options.batch / 2),
    ascent: { rule: 'normalised', steps: 5, stepLength: 0.1 },
    realLabel: 1,
    fakeLabel: 0,
    gradientPenalty: options.gradientPenalty,
    learningRate: options.learningRate,
    weightDecay: 0,
  };
}

/** Windows evenly spread over the fitted part, no more than there is room for. */
function remember(table: WindowTable, options: GonOptions): ModelTensor {
  const inputs = table.length * table.width;
  const room = Math.max(1, Math.floor((options.memoryKb * 1000) / (4 * inputs)));
  const kept = thinned(table, Math.min(room, options.memoryWindows));
  const count = kept.starts.length;
  const data = new Float32Array(count * inputs);
  for (let i = 0; i < count; i += 1) data.set(windowAt(kept, i), i * inputs);
  return { shape: [count, inputs], data };
}
