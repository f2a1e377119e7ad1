// A model knows its channels by name: the source must deliver these and what the model leaves out, in any order.
import { isDeepStrictEqual } from 'node:util';
import { ShapeError } from '../../core/errors.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { type Model, watchedChannels } from '../../models/model.ts';

/** All channels of the source that a model was trained on: those it watches, then those it leaves out. */
export function knownTo({ channels, leftOut = [] }: Pick<Model, 'channels' | 'leftOut'>) {
  return [...channels, ...leftOut];
}

/** The channels of a source, and which of them are learnt: the others a model may know or not. */
type Delivered = Pick<Source, 'channels' | 'isLearnt'>;

/** Whether a model learns that channel of the source. */
export function isLearnt(source: Pick<Source, 'isLearnt'>, channel: Channel): boolean {
  return source.isLearnt?.(channel) ?? true;
}

/** The channels of a source that a model learns, and what takes them out of its samples. */
export function learntPart(source: Delivered) {
  const { channels } = source;
  const places = [...channels.keys()].filter((c) => isLearnt(source, channels[c] as Channel));
  return {
    channels: places.map((place) => channels[place] as Channel),
    of: arrangement(places, channels.length),
  };
}

/**
 * What puts the values of a sample in the order of `knownTo`; a channel that has gone, and was left out or is not learnt, has no
 * reading. Throws `ShapeError` when the channels of the source differ from those of the model otherwise: at once when the
 * source knows its channels, else with the first sample.
 */
export function inOrderOf(
  model: Model,
  source: Delivered,
  streamId: string,
): (sample: Sample) => Sample {
  if (source.channels.length > 0) orderFor(model, source, streamId);
  let arrange: ((sample: Sample) => Sample) | undefined;
  return (sample) => {
    arrange ??= arrangement(orderFor(model, source, streamId), source.channels.length);
    return arrange(sample);
  };
}

/** Whether both models see the same channels in the same order, and the same of them as rates. */
export function sameChannels(live: Model, other: Model): boolean {
  return isDeepStrictEqual(watchedChannels(live), watchedChannels(other));
}

/** Throws `ShapeError` unless both models know the same channels of the source, in any order. */
export function requireSameSource(live: Model, other: Model, streamId: string): void {
  const [ours, theirs] = [knownTo(live), knownTo(other)];
  const alike = ours.every((channel) => theirs.some((found) => same(channel, found)));
  if (alike && ours.length === theirs.length) return;
  throw new ShapeError(
    `model ${other.id} was trained on other channels than stream '${streamId}' has now: train again`,
    { code: 'SEN_SHP_CHANNELS' },
  );
}

/** For each channel known to the model its place in the source; -1 = it is not there any more. */
function orderFor(model: Model, source: Delivered, streamId: string): number[] {
  const { channels } = source;
  const known = knownTo(model);
  const isNeeded = (channel: Channel): boolean => isLearnt(source, channel);
  const missing = model.channels
    .filter((wanted) => !channels.some((found) => same(found, wanted)))
    .filter(isNeeded);
  const extra = channels
    .filter((found) => !known.some((wanted) => same(found, wanted)))
    .filter(isNeeded);
  if (missing.length === 0 && extra.length === 0) {
    return known.map((wanted) => channels.findIndex((found) => same(found, wanted)));
  }
  throw new ShapeError(
    `stream '${streamId}' has ${channels.length} channels, model ${model.id} needs ${model.channels.length}` +
      `${listed('without ', missing)}${listed('with the unknown ', extra)}: ` +
      'name the model that was trained on this source, or train one',
    { code: 'SEN_SHP_CHANNELS' },
  );
}

function same(a: Channel, b: Channel): boolean {
  return a.id === b.id && a.unit === b.unit;
}

/** More names than this make no error message clearer. */
const NAMED = 5;

function listed(lead: string, channels: readonly Channel[]): string {
  if (channels.length === 0) return '';
  const names = channels
    .slice(0, NAMED)
    .map(({ id, unit }) => (unit === '' ? id : `${id}[${unit}]`));
  const more = channels.length > NAMED ? ` and ${channels.length - NAMED} more` : '';
  return ` (${lead}${names.join(', ')}${more})`;
}

function arrangement(order: readonly number[], delivered: number): (sample: Sample) => Sample {
  const isSame = order.length === delivered && order.every((place, index) => place === index);
  if (isSame) return (sample) => sample;
  return (sample) => ({
    ...sample,
    values: Float64Array.from(order, (place) => sample.values[place] ?? Number.NaN),
  });
}
