// Puts the distances of a freshly trained GON on one scale, and collects the scores a threshold is fitted to. Both come
// from the tail that training did not see.
import {
  type GonDesign,
  longestOf,
  type MemberDesign,
} from '../../../detection/detectors/gon/design.ts';
import { gon as gonDetector } from '../../../detection/detectors/gon.ts';
import type { Model } from '../../../models/model.ts';
import type { TrainingContext } from '../../trainer.ts';
import { breather } from '../breath.ts';
import type { TrainingData } from './data.ts';
import { halfLivesFor } from './linear.ts';
import type { TrainedMembers } from './members.ts';
import type { GonTrainingOptions } from './options.ts';
import { scaleDistances } from './scales.ts';
import { type WindowTable, windowAt, windowTable } from './window-table.ts';

/** Members up to this many rows take the path `rec`: D's own way back from a longer window spreads over all its rows. */
const REC_UP_TO = 5;
/** A held score is dropped after so many of its half-lives. */
const HOLD_HALF_LIVES = 1.5;
/** Longer windows are not waited for when a stream begins. */
const LEAST_ROWS = 30;

type Calibrated = Pick<Model, 'design' | 'tensors' | 'calibration' | 'windowLength'>;

export async function calibrate(
  trained: TrainedMembers,
  data: TrainingData,
  options: GonTrainingOptions,
  context: TrainingContext,
): Promise<Calibrated> {
  const members = trained.members.map((member) => ({ ...member, paths: pathsFor(member) }));
  const longest = longestOf({ members, linear: trained.design.linear });
  const hold = holdFor(longest, options);
  const draft = { ...trained.design, hold, leastRows: Math.min(longest, LEAST_ROWS), members };
  const table = windowTable(data, longest, [data.cut, data.series.timeMs.length]);
  const scaled = await scaleDistances(draft, trained.parts, table, context);
  // Peaks alone: the rows over which they are held would crowd out the small ones that tell of the tail.
  const design = { ...scaled.design, hold: { ...hold, rows: 1 } };
  const parts = { ...trained.parts, ...scaled, design, windowLength: longest };
  return {
    ...scaled,
    windowLength: longest + hold.rows - 1,
    calibration: await scoreTail(parts, table, context),
  };
}

function holdFor(
  longest: number,
  { holdHalfLife, holdWeight }: GonTrainingOptions,
): GonDesign['hold'] {
  const rows = Math.max(1, Math.ceil(HOLD_HALF_LIVES * holdHalfLife * longest));
  return { rows, halfLife: Math.max(1, holdHalfLife * longest), weight: holdWeight };
}

function pathsFor({ length, levelFree }: Omit<MemberDesign, 'paths'>): MemberDesign['paths'] {
  const halfLives = halfLivesFor(length);
  return [
    ...(length <= REC_UP_TO && !levelFree
      ? [{ route: 'rec' as const, halfLives: halfLives.slice(-1) }]
      : []),
    ...(length > 1 ? [{ route: 'mem' as const, halfLives }] : []),
  ];
}

/** Through the detector itself, so that thresholds are fitted to its own scores. */
async function scoreTail(
  parts: Omit<Model, 'id' | 'calibration' | 'card'>,
  table: WindowTable,
  context: TrainingContext,
): Promise<Float64Array> {
  const card = {
    dataId: '',
    dataHash: '',
    rows: 0,
    seed: 0,
    durationS: 0,
    finalLosses: [],
    version: '',
  };
  const model = { ...parts, id: 'in training', calibration: new Float64Array(0), card };
  const detector = gonDetector.load(model, context.kernels);
  const breathe = breather(context.signal);
  const scores = new Float64Array(table.starts.length);
  const { length, width } = table;
  const window = {
    streamId: '',
    endMs: 0,
    length,
    width,
    latest: new Float64Array(width),
    imputed: 0,
  };
  for (let i = 0; i < scores.length; i += 1) {
    scores[i] = detector.score({ ...window, values: windowAt(table, i) }).value;
    await breathe();
  }
  return scores;
}
