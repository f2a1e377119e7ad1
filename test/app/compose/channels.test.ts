import { describe, expect, it } from 'vitest';
import { inOrderOf, requireSameSource, watchedOf } from '../../../src/app/compose/channels.ts';
import { ShapeError } from '../../../src/core/errors.ts';
import type { Channel } from '../../../src/core/sample.ts';
import type { Source } from '../../../src/core/source.ts';
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

async function firstValues(source: Source): Promise<number[]> {
  for await (const { values } of source.samples(new AbortController().signal)) return [...values];
  return [];
}

describe('inOrderOf', () => {
  it('passes samples on when the channels are those of the model', async () => {
    expect(await firstValues(inOrderOf(model, sourceWith([flow, temperature]), 's'))).toEqual([
      0, 1,
    ]);
  });

  it('puts the values in the order of the model', async () => {
    const source = inOrderOf(model, sourceWith([temperature, flow]), 's');
    expect(source.channels).toEqual([flow, temperature]);
    expect(await firstValues(source)).toEqual([1, 0]);
  });

  it('names stream, both widths, the difference and the remedy when they differ', () => {
    const other = { id: 'noise', unit: '' };
    const compare = () => inOrderOf(model, sourceWith([flow, temperature, other]), 'pump');
    expect(compare).toThrow(ShapeError);
    expect(compare).toThrow(
      `stream 'pump' has 3 channels, model ${model.id} needs 2 (with the unknown noise): name the model`,
    );
  });

  it('puts channels that the model leaves out behind its own, and they are not watched (#18)', async () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    const source = inOrderOf(partial, sourceWith([flow, temperature]), 's');
    expect(source.channels).toEqual([temperature, flow]);
    expect(await firstValues(source)).toEqual([1, 0]);
    const watched = watchedOf(partial, source);
    expect(watched.channels).toEqual([temperature]);
    expect(await firstValues(watched)).toEqual([1]);
    const inPlace = tinyModel({ channels: [flow], leftOut: [temperature] });
    const both = inOrderOf(inPlace, sourceWith([flow, temperature]), 's');
    expect(await firstValues(watchedOf(inPlace, both))).toEqual([0]);
  });

  it('has no reading of a channel that was left out and is gone', async () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    const source = inOrderOf(partial, sourceWith([temperature]), 's');
    expect(await firstValues(source)).toEqual([0, Number.NaN]);
  });

  it('refuses a channel that the model does not even leave out', () => {
    const partial = tinyModel({ channels: [temperature], leftOut: [flow] });
    const other = { id: 'noise', unit: '' };
    expect(() => inOrderOf(partial, sourceWith([flow, temperature, other]), 's')).toThrow(
      'with the unknown noise',
    );
  });

  it('does not take one unit for another', () => {
    const gallons = { id: 'flow', unit: 'gal/min' };
    expect(() => inOrderOf(model, sourceWith([gallons, temperature]), 's')).toThrow(
      '(without flow[l/min]) (with the unknown flow[gal/min])',
    );
  });

  it('compares with the first sample when the source learns its channels only then', async () => {
    const source = inOrderOf(model, sourceWith([flow], false), 's');
    await expect(firstValues(source)).rejects.toThrow('without temperature[C]');
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
