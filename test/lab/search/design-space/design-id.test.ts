import { describe, expect, it } from 'vitest';
import { canonical, designId } from '../../../../src/lab/search/design-space/design-id.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import { design } from './spaces.ts';

describe('id of a design', () => {
  const point = design([32, ['transform-dft', 'attention-scaled'], [64, 32]]);

  it('is that of sha256sum over its key', () => {
    expect(designId(point)).toBe('596ee829302d136d');
  });

  it('does not depend on the order of heads, but on that of feed-forward layers', () => {
    const turned = design([32, ['attention-scaled', 'transform-dft'], [64, 32]]);
    expect(designId(turned)).toBe(designId(point));
    expect(canonical(point)).toEqual(turned);
    expect(designId(design([32, ['transform-dft', 'attention-scaled'], [32, 64]]))).not.toBe(
      designId(point),
    );
  });

  it('is another one where heads have a width of their own, unless it is what they would have', () => {
    const layer = { hidden: 32, heads: point.layers[0]?.heads ?? [], feedForward: [64, 32] };
    expect(designId({ layers: [{ ...layer, headWidth: 16 }] })).toBe(designId(point));
    expect(designId({ layers: [{ ...layer, headWidth: 12 }] })).not.toBe(designId(point));
  });

  it('is another one for each design of a space', () => {
    const points = enumerate(readSpace('level-1'));
    expect(new Set(points.map(designId)).size).toBe(12_656);
  });
});
