import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/core/errors.ts';
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
