import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest-word.ts';

const keys = ['interval', 'threshold', 'source', 'sinks', 'model'];

describe('nearest', () => {
  it.each([
    ['intervall', 'interval'],
    ['treshold', 'threshold'],
    ['suorce', 'source'],
    ['Sinks', 'sinks'],
    ['mode', 'model'],
  ])('finds what %s was meant to be', (typed, meant) => {
    expect(nearest(typed, keys)).toBe(meant);
  });

  it('stays silent when nothing is near', () => {
    expect(nearest('colour', keys)).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('finds a key after any one letter was dropped, doubled or swapped with its neighbour', () => {
    const spoilt = fc
      .record({
        key: fc.constantFrom(...keys),
        at: fc.nat(),
        how: fc.constantFrom('drop', 'double', 'swap'),
      })
      .map(({ key, at, how }) => ({ key, typed: spoil(key, at % (key.length - 1), how) }));
    fc.assert(
      fc.property(spoilt, ({ key, typed }) => {
        expect(nearest(typed, keys)).toBe(key);
      }),
    );
  });
});

function spoil(key: string, at: number, how: string): string {
  const [a, b] = [key.charAt(at), key.charAt(at + 1)];
  const middle = { drop: b, double: a + a + b, swap: b + a }[how] ?? '';
  return key.slice(0, at) + middle + key.slice(at + 2);
}
