import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightsError } from '../../src/core/errors.ts';
import { watchedChannels } from '../../src/models/model.ts';
import { decodeModel, encodeModel, sealModel } from '../../src/models/model-file.ts';
import { toyParts } from './toy-model.ts';

const encoded = async () => encodeModel(await sealModel(toyParts()));
const headerLength = (bytes: Uint8Array) =>
  Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
const headerOf = (bytes: Uint8Array) =>
  JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength(bytes))));

/** The same file with another header over the same data. */
function withHeader(bytes: Uint8Array, change: (header: ReturnType<typeof headerOf>) => void) {
  const header = headerOf(bytes);
  change(header);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const data = bytes.subarray(8 + headerLength(bytes));
  const changed = new Uint8Array(8 + json.length + data.length);
  new DataView(changed.buffer).setBigUint64(0, BigInt(json.length), true);
  changed.set(json, 8);
  changed.set(data, 8 + json.length);
  return changed;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await decodeModel(bytes, 'pump.safetensors').catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(WeightsError);
  const { message } = error as WeightsError;
  expect(message).not.toContain('\n');
  expect(message).toContain('pump.safetensors');
  return message;
}

describe('model file', () => {
  it('gives back the model it was made from, also from bytes that are not aligned', async () => {
    const model = await sealModel(toyParts());
    const bytes = await encodeModel(model);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(await decodeModel(bytes, 'x')).toEqual(model);
    expect(await decodeModel(shifted.subarray(3), 'x')).toEqual(model);
    expect(await decodeModel(Buffer.from(shifted).subarray(3), 'x')).toEqual(model);
  });

  it('holds what is to be known of its lesson (#19)', async () => {
    const lesson = { leftOut: [{ fromMs: 1, toMs: 2.5 }], doubt: 'load drifting all the time' };
    const noted = await sealModel({ ...toyParts(), lesson });
    expect(await decodeModel(await encodeModel(noted), 'm')).toEqual(noted);
  });

  it('holds what is usual of its channels, and reads files from before it was known (#21)', async () => {
    const usual = [
      { id: 'cpu', unit: '%', least: 0, most: 99, cells: [[1, 90, 500, 4, 20_000] as const, null] },
    ];
    const sealed = await sealModel({ ...toyParts(), usual });
    expect(await decodeModel(await encodeModel(sealed), 'toy')).toEqual(sealed);
    const plain = await sealModel(toyParts());
    expect(await decodeModel(await encodeModel(plain), 'toy')).not.toHaveProperty('usual');
  });

  it('knows the channels that a model leaves out, and says nothing where there are none', async () => {
    const leftOut = [{ id: 'silent', unit: 'V' }];
    const partial = await sealModel({ ...toyParts(), leftOut });
    expect(await decodeModel(await encodeModel(partial), 'x')).toEqual(partial);
    expect(headerOf(await encoded()).__metadata__).not.toHaveProperty('leftOut');
    expect(partial.id).not.toBe((await sealModel(toyParts())).id);
  });

  it('knows the channels that are watched by their rates, and reads files from before there were any', async () => {
    const rate = { channel: 1, unit: 'B/s', perMs: 1000, usual: 5, rest: 1, step: 5, most: 50 };
    const model = await sealModel({ ...toyParts(), rates: [rate] });
    expect(await decodeModel(await encodeModel(model), 'x')).toEqual(model);
    expect(headerOf(await encodeModel(model)).__metadata__.format).toBe('sentigon-model-2');
    const { format, ...metadata } = headerOf(await encoded()).__metadata__;
    expect(format).toBe('sentigon-model-1'); // what knows no rates may read it
    expect(metadata).not.toHaveProperty('rates');
    expect(await decodeModel(await encoded(), 'x')).not.toHaveProperty('rates');
    expect(model.id).not.toBe((await sealModel(toyParts())).id);
    expect(watchedChannels(model).map(({ unit }) => unit)).toEqual(['%', 'B/s']);
    expect(watchedChannels(toyParts())).toEqual(toyParts().channels);
  });

  it('has numbers of half precision in two bytes, behind the others, in a format that earlier versions refuse', async () => {
    const parts = toyParts();
    const memory = { shape: [3], data: Float32Array.of(0.5, -2, 10), half: true as const };
    const model = await sealModel({ ...parts, tensors: { ...parts.tensors, a: memory } });
    const bytes = await encodeModel(model);
    expect(await decodeModel(bytes, 'x')).toEqual(model);
    const { __metadata__: metadata, ...entries } = headerOf(bytes);
    expect(metadata.format).toBe('sentigon-model-3');
    const end = bytes.length - 8 - headerLength(bytes);
    expect(entries.a).toEqual({ dtype: 'F16', shape: [3], data_offsets: [end - 6, end] });
    const single = { shape: [3], data: memory.data };
    const other = await sealModel({ ...parts, tensors: { ...parts.tensors, a: single } });
    expect(other.id).not.toBe(model.id);
    const inexact = { ...memory, data: Float32Array.of(0.1, 0, 0) };
    const wrong = { ...parts, tensors: { a: inexact } };
    await expect(sealModel(wrong)).rejects.toThrow(RangeError);
  });

  it('gives equal bytes and ids to equal models', async () => {
    expect(await encoded()).toEqual(await encoded());
    expect((await sealModel(toyParts())).id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps the duration out of the id, but nothing else', async () => {
    const parts = toyParts();
    const { id } = await sealModel(parts);
    const slower = { ...parts, card: { ...parts.card, durationS: 99 } };
    const reseeded = { ...parts, card: { ...parts.card, seed: 5 } };
    expect((await sealModel(slower)).id).toBe(id);
    expect((await sealModel(reseeded)).id).not.toBe(id);
    const [a, b] = [await encodeModel({ ...parts, id }), await encodeModel({ ...slower, id })];
    const data = (bytes: Uint8Array) => bytes.subarray(8 + headerLength(bytes));
    expect(data(a)).toEqual(data(b));
    expect(headerOf(b).__metadata__).toEqual({ ...headerOf(a).__metadata__, durationS: '99' });
  });

  it('follows the layout rules of safetensors', async () => {
    const bytes = await encoded();
    const { __metadata__: metadata, ...entries } = headerOf(bytes);
    expect((8 + headerLength(bytes)) % 8).toBe(0);
    expect(bytes[8]).toBe('{'.charCodeAt(0));
    for (const value of Object.values(metadata)) expect(typeof value).toBe('string');
    const size = { F32: 4, F64: 8 };
    let end = 0;
    for (const entry of Object.values<{
      dtype: 'F32' | 'F64';
      shape: number[];
      data_offsets: number[];
    }>(entries)) {
      expect(entry.data_offsets[0]).toBe(end);
      expect(end % size[entry.dtype]).toBe(0);
      end += entry.shape.reduce((a, b) => a * b, 1) * size[entry.dtype];
      expect(entry.data_offsets[1]).toBe(end);
    }
    expect(bytes.length).toBe(8 + headerLength(bytes) + end);
  });

  it('refuses a file cut at any place', async () => {
    const bytes = await encoded();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        expect(await refusal(bytes.subarray(0, length))).toMatch(
          /is truncated: \d+ bytes of at least \d+/,
        );
      }),
    );
  });

  it('refuses an altered byte anywhere in the data by its hash', async () => {
    const bytes = await encoded();
    const first = 8 + headerLength(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: first, max: bytes.length - 1 }), async (place) => {
        const altered = bytes.slice();
        altered[place] = (altered[place] as number) ^ 1;
        expect(await refusal(altered)).toMatch(/was altered: its content has hash [0-9a-f]{16}/);
      }),
    );
  });

  it('refuses altered metadata by its hash', async () => {
    const altered = withHeader(await encoded(), (header) => {
      header.__metadata__.windowLength = '4';
    });
    expect(await refusal(altered)).toContain('was altered');
  });

  it('refuses what is not safetensors', async () => {
    const text = new TextEncoder().encode('time,cpu\n1,2\n3,4\n');
    expect(await refusal(text)).toContain('is not a safetensors file');
    const broken = new Uint8Array(64);
    broken[0] = 8;
    broken.set(new TextEncoder().encode('{broken}'), 8);
    expect(await refusal(broken)).toContain('is not a safetensors file');
  });

  it('refuses a safetensors file of another program', async () => {
    const foreign = withHeader(await encoded(), (header) => {
      header.__metadata__ = { format: 'pt' };
    });
    expect(await refusal(foreign)).toContain('not a Sentigon model');
    const bare = withHeader(await encoded(), (header) => {
      delete header.__metadata__;
    });
    expect(await refusal(bare)).toContain('not a Sentigon model');
  });

  it('refuses another version by name', async () => {
    const newer = withHeader(await encoded(), (header) => {
      header.__metadata__.format = 'sentigon-model-4';
    });
    expect(await refusal(newer)).toContain(
      'has format sentigon-model-4, this version reads sentigon-model-1, sentigon-model-2, sentigon-model-3',
    );
  });

  it('refuses a sound file whose description is wrong, naming the field', async () => {
    const parts = toyParts();
    const bytes = await encodeModel({ ...parts, id: '', windowLength: -1 });
    expect(await refusal(bytes)).toContain('metadata windowLength');
  });
});
