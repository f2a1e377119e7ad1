// Puts the distances of freshly trained networks on one scale, and collects the scores a threshold is fitted to. Both
// come from the tail that training did not see.
import type { Hold, ScoringDesign } from '../../../detection/detectors/scoring/design.ts';
import { longestOf } from '../../../detection/detectors/scoring/path.ts';
import type { PathPlugin, UnscaledModel } from '../../../detection/detectors/scoring/plugin.ts';
import type { Model } from '../../../models/model.ts';
import type { TrainingContext } from '../../trainer.ts';
import { breather } from '../breath.ts';
import type { TrainingData } from './data.ts';
import type { ScoringOptions } from './options.ts';
import { measureScales } from './scales.ts';
import { type WindowTable, windowAt, windowTable } from './window-table.ts';

/** A held score is dropped after so many of its half-lives. */
const HOLD_HALF_LIVES = 1.5;
/** Longer windows are not waited for when a stream begins. */
const LEAST_ROWS = 30;

type Calibrated = Pick<
  Model,
  | 'kind'
  | 'channels'
  | 'intervalMs'
  | 'scaler'
  | 'rates'
  | 'design'
  | 'tensors'
  | 'calibration'
  | 'windowLength'
>;

/** `trained` is all that the paths of the kind need. */
export async function calibrate(
  plugin: PathPlugin,
  trained: Pick<UnscaledModel, 'design' | 'tensors'>,
  data: TrainingData,
  options: ScoringOptions,
  context: TrainingContext,
): Promise<Calibrated> {
  const { channels } = data.series;
  const paths = plugin.paths({ id: 'in training', channels, ...trained }, context.kernels);
  const longest = longestOf(paths);
  const table = windowTable(data, longest, [data.cut, data.series.timeMs.length]);
  const { scales, yardsticks } = await measureScales(paths, table, context);
  const hold = holdFor(longest, options);
  const scoring = { hold, leastRows: Math.min(longest, LEAST_ROWS), scales };
  const parts = {
    kind: plugin.kind,
    channels,
    intervalMs: context.intervalMs,
    scaler: data.scaler,
    ...data.watched,
    tensors: { ...trained.tensors, ...yardsticks },
    windowLength: longest + hold.rows - 1,
  };
  const designed = (scored: ScoringDesign) => ({ ...trained.design, ...scored });
  // No window of the tail has rows to hold.
  const unheld = designed({ ...scoring, hold: { ...hold, rows: 1 } });
  return {
    ...parts,
    design: designed(scoring),
    calibration: await scoreTail(
      plugin,
      { ...parts, design: unheld, windowLength: longest },
      table,
      context,
    ),
  };
}

function holdFor(longest: number, { holdHalfLife, holdWeight }: ScoringOptions): Hold {
  const rows = Math.max(1, Math.ceil(HOLD_HALF_LIVES * holdHalfLife * longest));
  return { rows, halfLife: Math.max(1, holdHalfLife * longest), weight: holdWeight };
}

/** Through the detector itself, so that thresholds are fitted to its own scores. */
async function scoreTail(
  plugin: PathPlugin,
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
  const detector = plugin.load(model, context.kernels);
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
