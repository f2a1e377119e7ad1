import type { Channel } from '../core/sample.ts';

/** A named tensor of a model file, row-major. */
export interface ModelTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How rows are scaled: `scaled = (value - offset) / scale`, clipped to +-clip. Both arrays are (C,). */
export interface ScalerState {
  readonly kind: string;
  readonly offset: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
}

/** A channel whose readings only grow: it is watched by the rate at which they do. */
export interface ChannelRate {
  /** Place among the model's channels. */
  readonly channel: number;
  /** Of the rate, e.g. kWh/h. */
  readonly unit: string;
  /** The time in that unit, milliseconds. */
  readonly perMs: number;
  /** Usual growth a row, in units of the channel. */
  readonly usual: number;
  /** Rows from one growth to the next, at most as a rule; 1 = it grows with each row, and each has a rate of its own. */
  readonly rest: number;
  /** Usual growth after such a rest, in units of the channel. */
  readonly step: number;
  /** Growth of a row that is possible, in units of the channel: more is taken for a restart of the counter. */
  readonly most: number;
}

/** What a reader needs to know to trust a model, and to make it again. */
export interface TrainingCard {
  readonly dataId: string;
  /** sha256 of the training values, hex. */
  readonly dataHash: string;
  readonly rows: number;
  readonly seed: number;
  readonly durationS: number;
  readonly finalLosses: readonly number[];
  readonly version: string;
}

/** What is to be known of the rows that a stream's first model has learnt. */
export interface LessonNote {
  /** Stretches that were not calm and were left out, both ends included: trainings that follow leave them out, too. */
  readonly leftOut: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** From the first row of the lesson to its last, those left out included; absent in a training that followed. */
  readonly spanMs?: number;
  /** Why the rows that were learnt are doubtful all the same, in words; absent = they are not. */
  readonly doubt?: string;
}

/** A trained detector as plain data; `model-file.ts` reads and writes it as safetensors. */
export interface Model {
  /** First 16 hex digits of the sha256 over the file's content. */
  readonly id: string;
  /** Detector kind, a key of the detector registry. */
  readonly kind: string;
  readonly channels: readonly Channel[];
  /** Channels of the source that had too few readings to learn from; absent = none. */
  readonly leftOut?: readonly Channel[];
  /** Absent = there was nothing the matter with its lesson. */
  readonly lesson?: LessonNote;
  /** T, rows. */
  readonly windowLength: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  /** Of the readings, or of the rates of channels that are watched by theirs. */
  readonly scaler: ScalerState;
  /** Channels that are watched by their rates; absent = none. */
  readonly rates?: readonly ChannelRate[];
  /** Detector-specific settings, checked by the detector's own zod schema on load. */
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
  /** (N,) scores on the held-back tail of the training data, in time order: what thresholds are fitted to. */
  readonly calibration: Float64Array;
  readonly card: TrainingCard;
}

/** The channels as they are watched, in the same order: with the units of the rates where rates are watched. */
export function watchedChannels({
  channels,
  rates = [],
}: Pick<Model, 'channels' | 'rates'>): readonly Channel[] {
  const units = new Map(rates.map(({ channel, unit }) => [channel, unit]));
  return channels.map((channel, place) => {
    const unit = units.get(place);
    return unit === undefined ? channel : { ...channel, unit };
  });
}

/** Those that are watched by their rates, as they are watched. */
export function watchedRates(model: Pick<Model, 'channels' | 'rates'>): readonly Channel[] {
  const watched = watchedChannels(model);
  return (model.rates ?? []).flatMap(({ channel }) => watched[channel] ?? []);
}
