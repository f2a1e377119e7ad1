import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, toNumber, valueAt } from '../../../src/io/text/json.ts';

function nested(depth: number): string {
  return `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;
}

describe('JSON of others', () => {
  it('says what JSON.parse says of anything that is not deep', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { seed: 5 },
    );
  });

  it('is refused where it nests too deep to be walked through', () => {
    expect(() => parseJson(nested(100))).not.toThrow();
    expect(() => parseJson(nested(102))).toThrow(SyntaxError);
    expect(() => parseJson(nested(200_000))).toThrow('nested more than 100 levels deep');
  });

  it('may hold any number of brackets in its texts', () => {
    const brackets = `\\"[{${'['.repeat(500)}\\\\`;
    expect(parseJson(`{"a": "${brackets}", "b": [1]}`)).toHaveProperty('b', [1]);
  });
});

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
