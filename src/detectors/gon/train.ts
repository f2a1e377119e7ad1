// Trains the default detector: one discriminator for each member with ascent steps, then the scale of its scores.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation":
// - fakes are corrupted real windows, and half of them are optimised afterwards. The paper optimises all, from noise. Its
//   code starts at the real window itself, so that D cannot separate them and the loss ends at ln 2;
// - fakes are optimised by steps of fixed length along the gradient, not by Adam, whose steps have one size in every
//   coordinate;
// - hidden units are leaky with slope 0.2 (the published code's slope is 1, so its D is linear);
// - minibatches in random order, and a penalty on the gradient at real windows.

import type { TrainStep } from '../../engine/discriminator-kernels.ts';
import { roundedToHalf } from '../../engine/half-precision.ts';
import { createRandom } from '../../engine/random.ts';
import { initialise, toTensors } from '../../models/discriminator.ts';
import type { Model, ModelTensor } from '../../models/model.ts';
import { halfLivesFor, type TrainingData } from '../scoring/training/data.ts';
import { pathTrainer } from '../scoring/training/trainer.ts';
import {
  thinned,
  type WindowTable,
  windowAt,
  windowCopier,
  windowTable,
} from '../scoring/training/window-table.ts';
import type { TrainingContext } from '../training/trainer.ts';
import {
  ascends,
  type GonDesign,
  longestMember,
  type MemberDesign,
  prefixOf,
  shapeOf,
} from './design.ts';
import { gon as detector } from './gon.ts';
import {
  FARTHEST,
  type GonData,
  type GonOptions,
  type GonTrainingOptions,
  gonTrainingOptions,
  type MemberLength,
  MOST_LENGTH,
  prepareGon,
  shortestOf,
} from './training/data.ts';
import { trainDiscriminator } from './training/discriminator.ts';
import { LEAST_CHANNELS, trainLinear, trainRowSpan } from './training/linear.ts';

export const gon = pathTrainer<GonTrainingOptions>({
  detector,
  options: gonTrainingOptions,
  shortest: shortestOf,
  async learn(series, options, context) {
    const data = prepareGon(series, options, context, FARTHEST);
    return { data, ...(await trainMembers(data, options, context)) };
  },
});

const SLOPE = 0.2;
/** First gain of a step in log D; backtracking finds the right size within a few steps. */
const FIRST_STEP = 2;
/** With a single channel, half of the score is a mean over rows: longest window divided by this. */
const MEAN_ROWS = 4;

/**
 * Members up to this many rows have the path `rec`: with longer windows the ascent changes all rows, not just the newest.
 */
const REC_UP_TO = 5;

interface TrainedMembers {
  readonly design: GonDesign;
  readonly tensors: Model['tensors'];
  readonly losses: readonly number[];
  /** Newest rows whose mean is half of the score; 1 = no mean. */
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
 * Divides the weight of magnitudes between the span of single rows and the longest member with the path `rec`. With a
 * single channel the magnitude equals the distance, so there is none.
 */
function withMagnitudes(
  members: readonly MemberDesign[],
  data: TrainingData,
  { magnitudeWeight }: GonOptions,
): Pick<GonDesign, 'members' | 'rowSpan'> & Pick<TrainedMembers, 'tensors'> {
  const span = magnitudeWeight > 0 ? trainRowSpan(data) : undefined;
  if (!span) return { members: [...members], tensors: {} };
  const [longest] = members
    .filter(({ paths }) => paths.some(({ route }) => route === 'rec'))
    .toSorted((a, b) => b.length - a.length);
  const magnitude = longest ? magnitudeWeight / 2 : magnitudeWeight;
  return {
    members: members.map((member) =>
      member === longest ? { ...member, paths: readByMagnitude(member.paths, magnitude) } : member,
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
  // A separate random stream per member, so that adding a member does not change the others.
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

/** Windows evenly spread over the training part, as many as fit in the memory limit. */
function remember(table: WindowTable, options: GonOptions): ModelTensor {
  const inputs = table.length * table.width;
  const room = Math.max(1, Math.floor((options.memoryKb * 1000) / (4 * inputs)));
  const kept = thinned(table, Math.min(room, options.memoryWindows));
  const count = kept.starts.length;
  const data = new Float32Array(count * inputs);
  for (let i = 0; i < count; i += 1) data.set(windowAt(kept, i), i * inputs);
  const shape = [count, inputs];
  return options.memoryPrecision === 'half'
    ? { shape, data: roundedToHalf(data), half: true }
    : { shape, data };
}
