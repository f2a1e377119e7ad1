// Calibrates trained networks on the held-back rows: measures the scales of their distances, and collects the scores that
// a threshold is fitted to.

import type { Model } from '../../../models/model.ts';
import { eventLoopPause, type TrainingContext } from '../../training/trainer.ts';
import type { Hold, ScoringDesign } from '../design.ts';
import { longestOf } from '../path.ts';
import type { PathPlugin, UnscaledModel } from '../plugin.ts';
import type { ScoringOptions, TrainingData } from './data.ts';
import { measureScales } from './scales.ts';
import { type WindowTable, windowAt, windowTable } from './window-table.ts';

/** A held score is dropped after this many half-lives. */
const HOLD_HALF_LIVES = 1.5;
/** A new stream gets scores from this many rows on, even if windows are longer. */
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

type HoldOptions = Pick<ScoringOptions, 'holdHalfLife' | 'holdWeight'>;

/** Half-life in rows of a hold that ends within one row. */
const NO_HOLD = 1e-3;

/** `trained` has the data of the kind's paths, and the number of rows whose mean is half of a score. */
export async function calibrate(
  plugin: PathPlugin,
  trained: Pick<UnscaledModel, 'design' | 'tensors'> & { readonly meanRows?: number },
  data: TrainingData,
  options: HoldOptions | { readonly hold: Hold },
  context: TrainingContext,
): Promise<Calibrated> {
  const { channels } = data.series;
  const { design, tensors, meanRows = 1 } = trained;
  const paths = plugin.paths({ id: 'in training', channels, design, tensors }, context.kernels);
  const longest = longestOf(paths);
  const table = windowTable(data, longest, [data.cut, data.series.timeMs.length]);
  const { yardsticks, ...scales } = await measureScales(paths, table, context);
  const held = 'hold' in options ? options.hold : holdFor(longest, options);
  const hold = { ...held, rows: Math.max(held.rows, meanRows) };
  const scoring = { hold, leastRows: Math.min(longest, LEAST_ROWS), meanRows, ...scales };
  const parts = {
    kind: plugin.kind,
    channels,
    intervalMs: context.intervalMs,
    scaler: data.scaler,
    ...data.watched,
    tensors: { ...tensors, ...yardsticks },
    windowLength: longest + hold.rows - 1,
  };
  const designed = (scored: ScoringDesign) => ({ ...design, ...scored });
  // Without hold, because held rows would displace the small scores that shape the tail.
  const unheld = { ...hold, rows: meanRows, halfLife: NO_HOLD };
  const whole = longest + meanRows - 1;
  return {
    ...parts,
    design: designed(scoring),
    calibration: await scoreTail(
      plugin,
      { ...parts, design: designed({ ...scoring, hold: unheld }), windowLength: whole },
      windowTable(data, whole, [data.cut, data.series.timeMs.length]),
      context,
    ),
  };
}

function holdFor(longest: number, { holdHalfLife, holdWeight }: HoldOptions): Hold {
  const rows = Math.max(1, Math.ceil(HOLD_HALF_LIVES * holdHalfLife * longest));
  return { rows, halfLife: Math.max(1, holdHalfLife * longest), weight: holdWeight };
}

/** Uses the detector itself, so that thresholds are fitted to its real scores. */
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
  const pause = eventLoopPause(context.signal);
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
    await pause();
  }
  return scores;
}
