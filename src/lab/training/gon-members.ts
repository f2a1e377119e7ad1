// Trains the discriminators of a GON one after the other, and chooses the windows each remembers.
import { type GonDesign, prefixOf } from '../../detection/detectors/gon-design.ts';
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
/** Units of log D a step gains at first; backtracking finds its own size within a few steps. */
const FIRST_STEP = 1;

/** A design whose members lack the scale of their distances, and the parts of a model that are known by now. */
export interface TrainedMembers {
  readonly parts: Pick<Model, 'kind' | 'channels' | 'intervalMs' | 'scaler' | 'tensors'>;
  readonly design: Omit<GonDesign, 'members' | 'hold'>;
  readonly members: readonly { readonly length: number; readonly hidden: number }[];
  readonly losses: readonly number[];
}

export async function trainMembers(
  data: TrainingData,
  options: GonTrainingOptions,
  context: TrainingContext,
): Promise<TrainedMembers> {
  const tensors: Record<string, ModelTensor> = {};
  const members: { length: number; hidden: number }[] = [];
  const losses: number[] = [];
  const cost = data.lengths.reduce((sum, length) => sum + length, 0);
  let done = 0;
  for (const length of data.lengths) {
    const table = windowTable(data, length, [0, data.cut]);
    const report = (fraction: number, loss: number, step: number) =>
      context.progress({
        fraction: (done + fraction * length) / cost,
        step: members.length * options.steps + step,
        steps: data.lengths.length * options.steps,
        loss,
      });
    const member = await trainMember(table, options, context, report);
    Object.assign(tensors, member.tensors);
    members.push({ length, hidden: options.hidden });
    losses.push(member.loss);
    done += length;
  }
  const memory = remember(windowTable(data, Math.max(...data.lengths), [0, data.cut]), options);
  const { recSteps, memSteps, anchorWeight } = options;
  return {
    parts: {
      kind: 'gon',
      channels: data.series.channels,
      intervalMs: context.intervalMs,
      scaler: data.scaler,
      tensors: { ...tensors, memory },
    },
    design: {
      slope: SLOPE,
      firstStep: FIRST_STEP,
      recSteps,
      memSteps,
      anchorWeight,
      memory: memory.shape[0] as number,
    },
    members,
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
  return { loss, tensors: toTensors(kernels.weights, shape, prefixOf({ length })) };
}

function trainStep(options: GonTrainingOptions): TrainStep {
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
function remember(table: WindowTable, options: GonTrainingOptions): ModelTensor {
  const inputs = table.length * table.width;
  const room = Math.max(1, Math.floor((options.memoryKb * 1000) / (4 * inputs)));
  const count = Math.min(room, options.memoryWindows, table.starts.length);
  const data = new Float32Array(count * inputs);
  for (let i = 0; i < count; i += 1) {
    const place = Math.floor((i * table.starts.length) / count);
    data.set(windowAt(table, place), i * inputs);
  }
  return { shape: [count, inputs], data };
}
