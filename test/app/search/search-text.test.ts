import { describe, expect, it } from 'vitest';
import { spaceText } from '../../../src/app/search/search-text.ts';
import { mixedSpace } from '../../lab/search/design-space/spaces.ts';
import { settings, space } from './toy-search.ts';

const rows = (more: object) =>
  new Map(
    spaceText(settings(more))
      .split('\n')
      .map((line) => [line.slice(0, 14).trim(), line.slice(14)]),
  );

describe('a space in words', () => {
  it('says what it holds, and how many coordinates designs get', () => {
    const told = rows({ space, embedding: 'one-hot' });
    expect(told.get('designs')).toBe('12');
    expect(told.get('at first')).toBe('12 designs');
    expect(told.get('embedding')).toBe('one-hot, 8 coordinates');
    expect(told.has('level 1') || told.has('stress')).toBe(false);
  });

  it('says through which levels a large one is gone, and how true the learned distances are', () => {
    const large = { ...mixedSpace, layers: [1, 2, 3], hidden: [16, 32] };
    const told = rows({ space: large, levelled: true, embedding: 'learned' });
    expect(told.get('at first')).toBe('144 designs');
    expect([1, 2, 3].map((level) => told.get(`level ${level}`)?.split(', of')[0])).toEqual([
      'layers all alike',
      'layers that differ',
      'feed-forward layers that differ',
    ]);
    expect(told.get('level 3')).toContain(told.get('designs') ?? '-');
    expect(Number(told.get('stress')?.split(' ')[0])).toBeLessThan(0.5);
    expect(rows({ space: large, embedding: 'one-hot' }).has('level 1')).toBe(false);
  });
});
