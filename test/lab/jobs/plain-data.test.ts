import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePlain, encodePlain } from '../../../src/lab/jobs/plain-data.ts';

const leaf = fc.oneof(
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.float32Array(),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint8Array(),
);
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('plain')),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('plain'), { noNullPrototype: true }),
  ),
}));

describe('plain data', () => {
  it('come back as they were sent, but for the sign of zero', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const back = decodePlain(encodePlain(value));
        expect(encodePlain(back)).toBe(encodePlain(value));
      }),
    );
    const all = { a: Float64Array.of(Number.NaN, 1), b: [Number.POSITIVE_INFINITY, 'x:y'] };
    expect(decodePlain(encodePlain(all))).toEqual(all);
  });

  it('are no other views of memory', () => {
    expect(() => encodePlain({ a: new DataView(new ArrayBuffer(2)) })).toThrow(
      'DataView is not plain data',
    );
  });
});
