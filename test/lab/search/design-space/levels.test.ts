import { describe, expect, it } from 'vitest';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { sizeOf } from '../../../../src/lab/search/design-space/enumerate.ts';
import {
  alikeDesigns,
  levelEnds,
  levelsOf,
} from '../../../../src/lab/search/design-space/levels.ts';
import { type DesignSpace, readSpace } from '../../../../src/lab/search/design-space/space.ts';

const full = readSpace('full');
const sizes = (space: DesignSpace) => levelsOf(space).map((level) => sizeOf(level.space));

describe('levels of a space', () => {
  it('are one where it can be listed, and else end with all of it, each larger than the one before', () => {
    expect(levelsOf(readSpace('level-1')).map(({ name }) => name)).toEqual(['all designs']);
    const found = sizes(full);
    expect(found).toHaveLength(3);
    expect(found[2]).toBe(sizeOf(full));
    expect(found.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(found);
    expect(new Set(found).size).toBe(3);
  });

  it('leave out what the space has not', () => {
    const names = (space: DesignSpace) => levelsOf(space).map(({ name }) => name);
    expect(names({ ...full, mixedStacks: false })).toEqual([
      'layers all alike',
      'layers that differ',
    ]);
    const wide = Array.from({ length: 350 }, (_, i) => 4 + i);
    expect(names({ ...full, layers: [1], mixedHeads: false, feedForward: wide })).toEqual([
      'layers all alike',
      'feed-forward layers that differ',
    ]);
  });

  it('begin with all designs whose layers are alike, or as many as are asked for', () => {
    const all = alikeDesigns(full, 2000, 1);
    expect(new Set(all.map(designKey)).size).toBe(3 * 378);
    for (const { layers } of all) {
      expect(new Set(layers.map((layer) => designKey({ layers: [layer] }))).size).toBe(1);
      for (const { heads, feedForward } of layers) {
        expect(new Set(heads).size).toBe(1);
        expect(new Set(feedForward).size).toBe(1);
      }
    }
    const some = alikeDesigns(full, 300, 1).map(designKey);
    expect(new Set(some).size).toBe(300);
    expect(all.map(designKey)).toEqual(expect.arrayContaining(some));
  });

  it('share out a budget, the first most, and all of it', () => {
    expect(levelEnds(110, 3)).toEqual([60, 90, 110]);
    expect(levelEnds(9, 2)).toEqual([6, 9]);
    expect(levelEnds(7, 1)).toEqual([7]);
    expect(levelEnds(1, 3)).toEqual([1, 1, 1]);
  });
});
