// Compresses a whole model: the method narrows its networks with the older rows of a recording, then the scales and the
// calibration of its scores are measured anew on the newer rows.
import { CalibrationError, ConfigError } from '../../core/errors.ts';
import { lookUp, parseOptions } from '../../core/registry.ts';
import { channelsAt, type Series } from '../../core/series.ts';
import { gridded, scaledRows } from '../../detection/windows/gridded.ts';
import { cnn } from '../../detectors/cnn/cnn.ts';
import { readDesign } from '../../detectors/detector-plugin.ts';
import { encoder } from '../../detectors/encoder/encoder.ts';
import { ensemble } from '../../detectors/ensemble/ensemble.ts';
import { forecaster } from '../../detectors/forecaster/forecaster.ts';
import { gon } from '../../detectors/gon/gon.ts';
import { scoringDesign } from '../../detectors/scoring/design.ts';
import type { PathPlugin } from '../../detectors/scoring/plugin.ts';
import { calibrate } from '../../detectors/scoring/training/calibration.ts';
import { LEAST, type TrainingData } from '../../detectors/scoring/training/data.ts';
import { windowTable } from '../../detectors/scoring/training/window-table.ts';
import type { TrainingContext } from '../../detectors/training/trainer.ts';
import { hashOf } from '../../detectors/training/training-card.ts';
import type { Model } from '../../models/model.ts';
import { sealModel } from '../../models/model-file.ts';
import type { Compression, CompressionContext, CompressionReport } from './contract.ts';
import { compressions } from './index.ts';

/** A method with options that its schema has not read yet. */
export interface CompressionChoice {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface LeanModel {
  readonly model: Model;
  readonly report: CompressionReport;
}

/** Share of the rows that sets scales and calibration, as in a training by default. */
const HELD_BACK = 0.2;
/** Share of the progress that is the method's; the rest is the calibration. */
const METHOD = 0.5;

const plugins: ReadonlyMap<string, PathPlugin> = new Map(
  [gon, forecaster, encoder, ensemble, cnn].map((plugin) => [plugin.kind, plugin]),
);

/**
 * The method, and its options with defaults. Throws `ConfigError` for a method that does not exist, or that cannot compress
 * this kind of detector.
 */
export function requireCompressible(
  kind: string,
  choice: CompressionChoice,
): { readonly compression: Compression; readonly options: unknown } {
  const { method } = choice;
  const compression = lookUp(compressions, method, 'compression');
  const options = parseOptions(compression.options, choice.options, `compression ${method}`);
  const kinds = [...compression.detectors, ...(compression.someDesignsOf ?? [])];
  if (kinds.includes(kind)) return { compression, options };
  throw new ConfigError(
    `a model of '${kind}' cannot be compressed by ${method}, which knows ${kinds.join(', ')}`,
    { code: 'SEN_CFG_COMPRESS' },
  );
}

/**
 * Throws `ConfigError` for a wrong choice or a recording of other channels, and `CalibrationError` if the recording is too
 * short. The same model, recording and choice give the same bytes.
 */
export async function leanModel(
  parent: Model,
  recording: Series,
  choice: CompressionChoice,
  context: CompressionContext & { readonly heldBack?: number },
): Promise<LeanModel> {
  const { compression, options } = requireCompressible(parent.kind, choice);
  const { heldBack = HELD_BACK, progress } = context;
  const data = calibrationData(parent, recording, heldBack);
  const { design, tensors, report } = await compression.compress(parent, data, options, {
    ...context,
    progress: (fraction) => progress(METHOD * fraction),
  });
  const lean = await recalibrated({ ...parent, design, tensors }, data, {
    ...context,
    progress: (fraction) => progress(METHOD + (1 - METHOD) * fraction),
  });
  const note = {
    parent: parent.id,
    method: choice.method,
    options: options as Record<string, unknown>,
    dataHash: await hashOf(recording.values),
    rows: recording.timeMs.length,
    parameters: { before: numbersIn(parent), after: numbersIn(lean) },
  };
  const model = await sealModel({ ...lean, card: { ...parent.card, compression: note } });
  return { model, report };
}

/** The model with scales and calibration from the held-back rows of the recording. */
export async function withScalesOf(
  model: Model,
  recording: Series,
  context: CompressionContext,
): Promise<Model> {
  const data = calibrationData(model, recording, HELD_BACK);
  return sealModel(await recalibrated(model, data, context));
}

/** All numbers of all tensors. */
export function numbersIn({ tensors }: Pick<Model, 'tensors'>): number {
  return Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
}

/** The recording in the scaling of the model; see `prepare` for how a training makes its own. */
function calibrationData(model: Model, recording: Series, heldBack: number): TrainingData {
  const { intervalMs, scaler, rates } = model;
  const series = gridded(withChannelsOf(model, recording), intervalMs, rates ? { rates } : {});
  const rows = scaledRows(series, scaler);
  const count = series.timeMs.length;
  const cut = Math.floor(count * (1 - heldBack));
  const windows = (length: number, part: readonly [number, number]): number =>
    windowTable({ series, rows }, length, part).starts.length;
  const admits = (length: number): boolean =>
    windows(length, [0, cut]) > 0 && windows(length, [cut, count]) >= LEAST.heldBack;
  if (!admits(model.windowLength)) {
    throw new CalibrationError(
      `'${recording.id}' has ${count} rows of ${intervalMs} ms, too few unbroken windows of ${model.windowLength} rows in its newest ${Math.round(100 * heldBack)} % to set the scale of scores: give a longer recording`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  return { series, watched: rates ? { rates } : {}, scaler, rows, cut, admits };
}

/** Columns of the recording as the channels of the model, in its order; others are left out. Throws `ConfigError` if one is missing. */
export function withChannelsOf({ channels }: Pick<Model, 'channels'>, recording: Series): Series {
  const places = channels.map(({ id }) => recording.channels.findIndex((own) => own.id === id));
  const missing = channels.filter((_, i) => (places[i] as number) < 0).map(({ id }) => id);
  if (missing.length > 0) {
    throw new ConfigError(
      `'${recording.id}' lacks the channels ${missing.join(', ')} of the model, it has ${recording.channels.map(({ id }) => id).join(', ')}: give a recording of the same channels`,
      { code: 'SEN_CFG_COMPRESS' },
    );
  }
  return { ...channelsAt(recording, places), channels };
}

async function recalibrated(
  model: Model,
  data: TrainingData,
  { kernels, progress, signal }: CompressionContext,
): Promise<Omit<Model, 'id'>> {
  const plugin = plugins.get(model.kind);
  if (!plugin) throw new RangeError(`no scales are known for '${model.kind}'`);
  const { hold, meanRows } = readDesign(scoringDesign, model);
  const { id: _, ...parts } = model;
  const training: TrainingContext = {
    ...{ kernels, signal, intervalMs: model.intervalMs },
    seed: 0,
    progress: () => undefined,
  };
  progress(0);
  const calibrated = await calibrate(
    plugin,
    { design: model.design, tensors: model.tensors, meanRows },
    data,
    { hold },
    training,
  );
  progress(1);
  return { ...parts, ...calibrated };
}
