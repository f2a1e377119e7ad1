// A model knows its channels by name: the source must deliver exactly these, in any order.
import { ShapeError } from '../../core/errors.ts';
import type { Channel, Sample } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import type { Model } from '../../models/model.ts';
import { eachSample } from './each-sample.ts';

/**
 * The source with its values in the order of the model's channels. Throws `ShapeError` at once when the source knows
 * its channels and they differ, otherwise with its first sample.
 */
export function inOrderOf(model: Model, source: Source, streamId: string): Source {
  if (source.channels.length > 0) orderFor(model, source.channels, streamId);
  const ordered = eachSample(source, async function* (signal) {
    let arrange: ((sample: Sample) => Sample) | undefined;
    for await (const sample of source.samples(signal)) {
      arrange ??= arrangement(orderFor(model, source.channels, streamId));
      yield arrange(sample);
    }
  });
  return { ...ordered, channels: model.channels };
}

/** Throws `ShapeError` unless both models see the same channels in the same order. */
export function sameChannels(live: Model, other: Model, streamId: string): void {
  const { length } = live.channels;
  const alike = live.channels.every((channel, i) => {
    const found = other.channels[i];
    return found !== undefined && same(channel, found);
  });
  if (alike && other.channels.length === length) return;
  throw new ShapeError(
    `model ${other.id} was trained on other channels than stream '${streamId}' has now: train again`,
  );
}

/** For each channel of the model its place in the source. */
function orderFor(model: Model, channels: readonly Channel[], streamId: string): number[] {
  const missing = model.channels.filter((wanted) => !channels.some((found) => same(found, wanted)));
  if (missing.length === 0 && channels.length === model.channels.length) {
    return model.channels.map((wanted) => channels.findIndex((found) => same(found, wanted)));
  }
  const extra = channels.filter((found) => !model.channels.some((wanted) => same(found, wanted)));
  throw new ShapeError(
    `stream '${streamId}' has ${channels.length} channels, model ${model.id} needs ${model.channels.length}` +
      `${listed('without ', missing)}${listed('with the unknown ', extra)}: ` +
      'name the model that was trained on this source, or train one',
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

function arrangement(order: readonly number[]): (sample: Sample) => Sample {
  if (order.every((place, index) => place === index)) return (sample) => sample;
  return (sample) => ({
    ...sample,
    values: Float64Array.from(order, (place) => sample.values[place] ?? Number.NaN),
  });
}
