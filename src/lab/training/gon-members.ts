// Trains the discriminators of a GON one after the other, and chooses the windows each remembers.
import type { TrainStep } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { initialise, toTensors } from '../../models/discriminator.ts';
import type { Model, ModelTensor } from '../../models/model.ts';
import type { TrainingContext } from '../trainer.ts';
import type { TrainingData } from './gon-data.ts';
import { trainDiscriminator } from './gon-discriminator.ts';
import type { GonTrainingOptions } from './gon-options.ts';
import { type WindowTable, windowAt, windowTable } from './window-table.ts';

const SLOPE = 0.2;
/** Steps of the ascents, their first step and the pull towards the observed window. */
const ASCENT = { recSteps: 20, memSteps: 10, firstStep: 1, anchorWeight: 10 };
export interface TrainedMembers {
  readonly parts: Omit<Model, 'id' | 'design' | 'calibration' | 'card'>;
  readonly design: {
    readonly slope: number;
    readonly recSteps: number;
    readonly memSteps: number;
    readonly firstStep: number;
    readonly anchorWeight: number;
    readonly members: readonly { length: number; hidden: number; memory: number }[];
  };
  readonly losses: readonly number[];
}

export async function trainMembers(
  data: TrainingData,
  options: GonTrainingOptions,
  context: TrainingContext,
): Promise<TrainedMembers> {
  const tensors: Record<string, ModelTensor> = {};
  const members: { length: number; hidden: number; memory: number }[] = [];
  const losses: number[] = [];
  const cost = options.lengths.reduce((sum, length) => sum + length, 0);
  let done = 0;
  for (const length of options.lengths) {
    const table = windowTable(data.series, data.rows, length, [0, data.cut]);
    const report = (fraction: number, loss: number, step: number) =>
      context.progress({
        fraction: (done + fraction * length) / cost,
        step: members.length * options.steps + step,
        steps: options.lengths.length * options.steps,
        loss,
      });
    const member = await trainMember(table, options, context, report);
    Object.assign(tensors, member.tensors);
    members.push(member.design);
    losses.push(member.loss);
    done += length;
  }
  return {
    parts: {
      kind: 'gon',
      channels: data.series.channels,
      windowLength: Math.max(...options.lengths),
      intervalMs: context.intervalMs,
      scaler: data.scaler,
      tensors,
    },
    design: { slope: SLOPE, ...ASCENT, members },
    losses,
  };
}

async function trainMember(
  table: WindowTable,
  options: GonTrainingOptions,
  context: TrainingContext,
  report: (fraction: number, loss: number, step: number) => void,
) {
  const { length, width } = table;
  const { hidden, steps, batch } = options;
  const shape = { inputs: length * width, hidden1: hidden, hidden2: hidden, slope: SLOPE };
  const kernels = context.kernels.discriminator(shape, batch);
  // A stream of its own: adding a length leaves the other members as they are.
  const random = createRandom(context.seed * 1000 + length);
  initialise(kernels.weights, shape, random.uniform);
  const loss = await trainDiscriminator(kernels, table, {
    steps,
    batch,
    random,
    step: trainStep(options),
    signal: context.signal,
    report: (step, loss) => report((step + 1) / steps, loss, step + 1),
  });
  const prefix = `m${length}`;
  const memory = remember(table, options.memoryKb);
  const tensors = {
    ...toTensors(kernels.weights, shape, prefix),
    [`${prefix}.memory`]: memory,
  };
  return { tensors, loss, design: { length, hidden, memory: memory.shape[0] as number } };
}

function trainStep(options: GonTrainingOptions): TrainStep {
  return {
    optimised: options.batch / 2,
    ascent: { rule: 'normalised', steps: 5, stepLength: 0.1 },
    realLabel: 1,
    fakeLabel: 0,
    gradientPenalty: options.gradientPenalty,
    learningRate: options.learningRate,
    weightDecay: 0,
  };
}

/** Evenly spread windows of the fitted part, as many as fit the room. */
function remember(table: WindowTable, roomKb: number): ModelTensor {
  const inputs = table.length * table.width;
  const room = Math.max(1, Math.floor((roomKb * 1000) / (4 * inputs)));
  const count = Math.min(room, table.starts.length);
  const data = new Float32Array(count * inputs);
  for (let i = 0; i < count; i += 1) {
    const place = Math.floor((i * table.starts.length) / count);
    data.set(windowAt(table, place), i * inputs);
  }
  return { shape: [count, inputs], data };
}
