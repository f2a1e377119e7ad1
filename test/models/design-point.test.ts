import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import {
  designPointSchema,
  HEADS,
  type Head,
  headSchema,
  nameOf,
} from '../../src/models/design-point.ts';
import { encode } from '../../src/models/encoder.ts';

describe('design points that cannot be', () => {
  const attention: Head = { op: 'attention', form: 'scaled' };
  const nine: Head = { op: 'convolution', kernel: 9 };
  const layer = { hidden: 12, heads: [attention], feedForward: [8] };

  it.each([
    [
      'heads that do not divide the width',
      { layers: [layer, { ...layer, heads: Array(5).fill(attention) }] },
      16,
      4,
      'layer 2 has 5 heads on a width of 12: the width must be a multiple of the heads',
    ],
    [
      'a kernel longer than the patches',
      { layers: [{ ...layer, heads: [nine] }] },
      32,
      4,
      'layer 1 has a kernel of 9 on 8 patches: take a shorter kernel or patch, or a longer window',
    ],
    ['no layers', { layers: [] }, 16, 4, 'the encoder has no layers: give it at least one'],
    [
      'patches that do not fill the window',
      { layers: [layer] },
      18,
      4,
      'windows of 18 rows cannot be cut in patches of 4: take a length of whole patches',
    ],
    [
      'queries of their own width between which is a matrix',
      {
        layers: [
          {
            ...layer,
            heads: [{ op: 'attention', form: 'multiplicative', queryWidth: 2 } as const],
          },
        ],
      },
      16,
      4,
      'layer 1 has an attention-multiplicative head with queries of 2 columns: only scaled attention has a queryWidth of its own',
    ],
  ])('are refused in one line: %s', (_, point, rows, patch, told) => {
    const tape = new Tape();
    const build = () => encode(tape, point, tape.input([1, rows, 2]), { patch });
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(told);
  });

  it('are possible with heads that do not divide the width, where their own is told', () => {
    const point = { layers: [{ ...layer, heads: Array(5).fill(attention), headWidth: 3 }] };
    const tape = new Tape();
    expect(encode(tape, point, tape.input([1, 16, 2]), { patch: 4 }).shape).toEqual([1, 4, 12]);
    const joined = tape.parameters.find(({ storage }) =>
      /heads.output.weights$/.test(storage.kind === 'parameter' ? storage.name : ''),
    );
    expect(joined?.shape).toEqual([15, 12]);
  });

  it.each([
    ['no layers', { layers: [] }, ['layers']],
    ['no heads', { layers: [{ ...layer, heads: [] }] }, ['layers', 0, 'heads']],
    [
      'no feed-forward layer',
      { layers: [{ ...layer, feedForward: [] }] },
      ['layers', 0, 'feedForward'],
    ],
    [
      'an even kernel',
      { layers: [{ ...layer, heads: [{ op: 'convolution', kernel: 4 }] }] },
      ['layers', 0, 'heads', 0, 'kernel'],
    ],
    [
      'values of no columns',
      { layers: [{ ...layer, heads: [{ ...attention, valueWidth: 0 }] }] },
      ['layers', 0, 'heads', 0, 'valueWidth'],
    ],
    [
      'an unknown operation',
      { layers: [{ ...layer, heads: [{ op: 'fft' }] }] },
      ['layers', 0, 'heads', 0, 'op'],
    ],
  ])('are found by the schema, with their place: %s', (_, point, path) => {
    const { error } = designPointSchema.safeParse(point);
    expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

describe('heads', () => {
  it('are all that a design may have', () => {
    const options = headSchema.options.flatMap(({ shape }) =>
      Object.entries(shape).flatMap(([key, schema]) =>
        key === 'op' ? [] : 'options' in schema ? schema.options.length : [],
      ),
    );
    expect(HEADS.map((head) => headSchema.parse(head))).toEqual(HEADS);
    expect(new Set(HEADS.map(nameOf)).size).toBe(options.reduce((sum, count) => sum + count, 0));
  });
});
