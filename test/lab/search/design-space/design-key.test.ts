import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { design } from './spaces.ts';

describe('key of a design', () => {
  const point = design([32, ['transform-dft', 'attention-scaled'], [64, 32]]);

  it('says all of it', () => {
    expect(designKey(point)).toBe('32:attention-scaled+transform-dft:64,32');
  });

  it('does not depend on the order of heads, but on that of feed-forward layers', () => {
    const turned = design([32, ['attention-scaled', 'transform-dft'], [64, 32]]);
    expect(designKey(turned)).toBe(designKey(point));
    expect(designKey(design([32, ['transform-dft', 'attention-scaled'], [32, 64]]))).not.toBe(
      designKey(point),
    );
  });

  it('is another one where heads have a width of their own, unless it is what they would have', () => {
    const layer = { hidden: 32, heads: point.layers[0]?.heads ?? [], feedForward: [64, 32] };
    expect(designKey({ layers: [{ ...layer, headWidth: 16 }] })).toBe(designKey(point));
    expect(designKey({ layers: [{ ...layer, headWidth: 12 }] })).not.toBe(designKey(point));
  });

  it('is another one where a compression has narrowed heads', () => {
    const narrowed = { op: 'attention', form: 'scaled', queryWidth: 7, valueWidth: 5 } as const;
    const layer = { hidden: 32, heads: [narrowed], feedForward: [64] };
    expect(designKey({ layers: [layer] })).toBe('32:attention-scaled(7/5):64');
  });

  it('is another one for each design of a space', () => {
    const points = enumerate(readSpace('level-1'));
    expect(new Set(points.map(designKey)).size).toBe(12_656);
  });
});
