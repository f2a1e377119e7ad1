import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/io/text/parse-json.ts';

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
