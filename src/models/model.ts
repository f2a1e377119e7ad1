import type { Channel } from '../core/sample.ts';

/** A named tensor of a model file, row-major. */
export interface ModelTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** Whether each number is one of half precision: a file has them in two bytes then. */
  readonly half?: true;
}

/** How rows are scaled: `scaled = (value - offset) / scale`, clipped to +-clip. Both arrays are (C,). */
export interface ScalerState {
  readonly kind: string;
  readonly offset: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
}

/** A counter: a channel whose readings only grow, and whose rate is watched. */
export interface ChannelRate {
  /** Place among the model's channels. */
  readonly channel: number;
  /** Of the rate, e.g. kWh/h. */
  readonly unit: string;
  /** The time unit of the rate, milliseconds. */
  readonly perMs: number;
  /** Usual growth a row, in units of the channel. */
  readonly usual: number;
  /** Usual most rows between two increases; 1 = it grows with each row, and each row has its own rate. */
  readonly rest: number;
  /** Usual increase after such rows, in units of the channel. */
  readonly step: number;
  /** Largest possible growth a row, in units of the channel: a larger one counts as a restart of the counter. */
  readonly most: number;
}

/** How a model was trained: the facts to judge it, and to train it again. */
export interface TrainingCard {
  readonly dataId: string;
  /** sha256 of the training values, hex. */
  readonly dataHash: string;
  readonly rows: number;
  readonly seed: number;
  readonly durationS: number;
  readonly finalLosses: readonly number[];
  readonly version: string;
  /** How the model was made smaller after its training; absent = it was not. */
  readonly compression?: CompressionNote;
}

/** From which model a compressed one was made, and how. */
export interface CompressionNote {
  /** Id of that model; a model that is compressed at the end of its training has none that is kept. */
  readonly parent: string;
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** sha256 of the values of the recording whose windows were used, hex, and its rows. */
  readonly dataHash: string;
  readonly rows: number;
  /** Numbers in the tensors of both models. */
  readonly parameters: { readonly before: number; readonly after: number };
}

/** A note about the rows that the first model of a stream has learnt. */
export interface LessonNote {
  /** Stretches that were not calm, both ends included: this training and later ones leave them out. */
  readonly leftOut: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** From the first row of the lesson to its last, with those left out; absent in a later training. */
  readonly spanMs?: number;
  /** Why the learnt rows are still doubtful, as text; absent = they are not. */
  readonly doubt?: string;
}

/** Between which values a channel was in normal rows; the unit is that in which it is watched. */
export interface ChannelUsual extends Channel {
  /** Least and greatest reading. */
  readonly least: number;
  readonly most: number;
  /** Least difference between successive readings; absent = they hardly differed, or an earlier release did not note it. */
  readonly step?: number;
  /** (25,) of all readings, then of each hour of the local day; null = none. `low` and `high` are the 0.5 % and 99.5 % quantiles. */
  readonly cells: readonly (UsualCell | null)[];
}

/** `days` counts the local days with readings; `lastDay` is the newest of them, in days since 1970. */
type UsualCell = readonly [low: number, high: number, rows: number, days: number, lastDay: number];

/** A trained detector as plain data; `model-file.ts` reads and writes it as safetensors. */
export interface Model {
  /** First 16 hex digits of the sha256 over the file's content. */
  readonly id: string;
  /** Detector kind, a key of the detector registry. */
  readonly kind: string;
  readonly channels: readonly Channel[];
  /** Channels of the source that had too few readings to learn from; absent = none. */
  readonly leftOut?: readonly Channel[];
  /** Absent = there is nothing to note about its lesson. */
  readonly lesson?: LessonNote;
  /** T, rows. */
  readonly windowLength: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  /** Scales the readings, and the rates of channels that are watched by rate. */
  readonly scaler: ScalerState;
  /** Channels that are watched by rate; absent = none. */
  readonly rates?: readonly ChannelRate[];
  /** Detector-specific settings, checked by the detector's own zod schema on load. */
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
  /** (N,) scores on the held-back tail of the training data, in time order: what thresholds are fitted to. */
  readonly calibration: Float64Array;
  readonly card: TrainingCard;
  /** Of the rows it was trained on; absent in models of earlier releases. */
  readonly usual?: readonly ChannelUsual[];
}

/** The watched channels, in the same order; a channel that is watched by rate has the unit of its rate. */
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

/** The channels that are watched by rate, with the units of their rates. */
export function watchedRates(model: Pick<Model, 'channels' | 'rates'>): readonly Channel[] {
  const watched = watchedChannels(model);
  return (model.rates ?? []).flatMap(({ channel }) => watched[channel] ?? []);
}
