import { describe, expect, it } from 'vitest';
import {
  inOrderOf,
  knownTo,
  learntPart,
  requireSameSource,
} from '../../../src/app/compose/channels.ts';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Channel } from '../../../src/core/sample.ts';
import type { Source } from '../../../src/core/source.ts';
import type { Model } from '../../../src/models/model.ts';
import { tinyModel } from '../tiny-model.ts';

const flow = { id: 'flow', unit: 'l/min' };
const temperature = { id: 'temperature', unit: 'C' };
const model = tinyModel({ channels: [flow, temperature] });

function sourceWith(channels: readonly Channel[], known = true): Source {
  let opened = known;
  return {
    id: 'fake',
    live: true,
    get channels() {
      return opened ? channels : [];
    },
    // biome-ignore lint/suspicious/useAwait: the contract is an async iterable
    async *samples() {
      opened = true;
      yield { streamId: 's', timeMs: 1, values: Float64Array.from(channels, (_, c) => c) };
    },
  };
}

/** Of the first sample, in the order of what the model knows. */
async function firstValues(model: Model, source: Source): Promise<number[]> {
  const arrange = inOrderOf(model, source, 's');
  for await (const sample of source.samples(new AbortController().signal)) {
    return [...arrange(sample).values];
  }
  return [];
}

describe('inOrderOf', () => {
  it('passes samples on when the channels are those of the model', async () => {
    expect(await firstValues(model, sourceWith([flow, temperature]))).toEqual([0, 1]);
  });

  it('puts the values in the order of the model', async () => {
    expect(await firstValues(model, sourceWith([temperature, flow]))).toEqual([1, 0]);
  });

  it('names stream, both widths, the difference and the remedy when they differ', () => {
    const other = { id: 'noise', unit: '' };
    const compare = () => inOrderOf(model, sourceWith([flow, temperature, other]), 'pump');
    expect(compare).toThrow(ShapeError);
    expect(compare).toThrow(
      `stream 'pump' has 3 channels, model ${model.id} needs 2 (with the unknown noise): name the model`,
    );
  });

  it('puts channels that the model leaves out behind its own (#18)', async () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    expect(knownTo(partial)).toEqual([temperature, flow]);
    expect(await firstValues(partial, sourceWith([flow, temperature]))).toEqual([1, 0]);
  });

  it('has no reading of a channel that was left out and is gone', async () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    expect(await firstValues(partial, sourceWith([temperature]))).toEqual([0, Number.NaN]);
  });

  it('refuses a channel that the model does not even leave out', () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    const other = { id: 'noise', unit: '' };
    expect(() => inOrderOf(partial, sourceWith([flow, temperature, other]), 's')).toThrow(
      'with the unknown noise',
    );
  });

  it('does not mind channels that are not learnt, there or gone (#21)', async () => {
    const free = { id: 'disk.free', unit: '%' };
    const isLearnt = ({ id }: Channel) => id !== 'disk.free';
    const more = { ...sourceWith([free, flow, temperature]), isLearnt };
    expect(await firstValues(model, more)).toEqual([1, 2]);
    const last = { ...sourceWith([flow, temperature, free]), isLearnt };
    expect(await firstValues(model, last)).toEqual([0, 1]);
    const knows = tinyModel({ channels: [flow, temperature, free] });
    const gone = { ...sourceWith([flow, temperature]), isLearnt };
    expect(await firstValues(knows, gone)).toEqual([0, 1, Number.NaN]);
    const part = learntPart(more);
    expect(part.channels).toEqual([flow, temperature]);
    expect([
      ...part.of({ streamId: 's', timeMs: 1, values: Float64Array.of(7, 8, 9) }).values,
    ]).toEqual([8, 9]);
  });

  it('does not take one unit for another', () => {
    const gallons = { id: 'flow', unit: 'gal/min' };
    expect(() => inOrderOf(model, sourceWith([gallons, temperature]), 's')).toThrow(
      '(without flow[l/min]) (with the unknown flow[gal/min])',
    );
  });

  it('compares with the first sample when the source learns its channels only then', async () => {
    await expect(firstValues(model, sourceWith([flow], false))).rejects.toThrow(
      'without temperature[C]',
    );
  });
});

describe('models of one source', () => {
  it('may watch different channels of it, but know the same', () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    expect(() => requireSameSource(model, partial, 's')).not.toThrow();
    const other = tinyModel({ channels: [temperature] });
    expect(() => requireSameSource(model, other, 's')).toThrow(ShapeError);
    expect(() => requireSameSource(other, model, 's')).toThrow('train again');
  });
});
