import { describe, expect, it } from 'vitest';
import { toNumber, valueAt } from '../../../src/io/text/json-path.ts';

describe('json path', () => {
  const value = { a: { b: [10, { c: 20 }] }, length: 1 };

  it('walks objects and lists', () => {
    expect(valueAt(value, 'a.b[1].c')).toBe(20);
    expect(valueAt(value, 'a.b.0')).toBe(10);
    expect(valueAt(value, '')).toBe(value);
  });

  it('finds nothing in what is inherited or absent', () => {
    for (const path of ['x', 'a.x.y', 'constructor', 'a.b[9]', '__proto__.a']) {
      expect(valueAt(value, path)).toBeUndefined();
    }
    expect(valueAt('text', 'a')).toBeUndefined();
  });

  it.each([
    [1.5, 1.5],
    ['-2e3', -2000],
    [true, 1],
    ['OFF', 0],
    ['on', 1],
    ['', undefined],
    ['nan', undefined],
    [null, undefined],
    [Infinity, undefined],
    ['Infinity', undefined],
    [[1], undefined],
  ])('takes %j for %j', (from, expected) => {
    expect(toNumber(from)).toBe(expected);
  });
});
