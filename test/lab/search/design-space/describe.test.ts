import { describe, expect, it } from 'vitest';
import { describeSpace } from '../../../../src/lab/search/design-space/describe.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';

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
