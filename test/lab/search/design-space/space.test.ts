import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
import { describeSpace } from '../../../../src/lab/search/design-space/describe.ts';
import { namedSpaces, readSpace } from '../../../../src/lab/search/design-space/space.ts';

describe('design space', () => {
  it('is read by its name or written out, with defaults', () => {
    expect(readSpace('proof')).toEqual(namedSpaces.get('proof'));
    expect(readSpace({ feedForward: [32, 64], stacks: [1, 2] })).toEqual(
      namedSpaces.get('level-1'),
    );
  });

  it.each([
    ['an unknown name', 'proofs', /'proofs' is unknown: choose one of proof, level-1, full/],
    ['an unknown key', { kernels: [3] }, /kernels/],
    ['all faults together', { heads: [2, 1], patch: 0 }, /heads: must rise.*patch/],
    ['an operation that is named twice', { ops: ['transform-dct', 'transform-dct'] }, /ops.*once/],
    ['a patch that does not divide the rows', { rows: 31 }, /31 rows .* patches of 2/],
    ['heads that divide no width', { heads: [3, 5] }, /heads \(3, 5\) divides a width \(16, 32\)/],
    [
      'kernels longer than the window',
      { ops: ['convolution-9', 'convolution-13'], rows: 16 },
      /convolution-9, convolution-13 on 8 patches/,
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => readSpace(given)).toThrow(ConfigError);
    expect(() => readSpace(given)).toThrow(message);
  });
});

describe('description of a space', () => {
  it('tells its choices and how many designs they make', () => {
    expect(describeSpace(readSpace('level-1')).split('\n')).toEqual([
      'window        32 rows in 16 patches of 2',
      'layers        1, 2',
      expect.stringMatching(/^operations {4}attention-scaled, .*convolution-13$/),
      'heads         1, 2, all alike',
      'width         16, 32',
      'feed-forward  1, 2 of 32, 64, all alike',
      'one layer     112',
      'designs       12,656',
    ]);
  });

  it('tells what cannot be built', () => {
    const text = describeSpace(readSpace({ heads: [1, 3], hidden: [12, 16], rows: 16 }));
    expect(text).toContain('left out      2 of the operations, longer than 8 patches');
    expect(text).toContain('left out      3 heads on 16\n');
    expect(text).toContain('one layer     15\n');
  });
});
