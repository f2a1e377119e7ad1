import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../src/app/optimise/rule.ts';

const names = new Set(['a', 'b', 'wide_1']);
const at = (a: number, b: number) =>
  new Map([
    ['a', a],
    ['b', b],
    ['wide_1', 10],
  ]);

describe('a rule', () => {
  it.each([
    ['a + b <= 3', 1, 2, true],
    ['a + b < 3', 1, 2, false],
    ['a >= b', 2, 2, true],
    ['a > b', 2, 2, false],
    ['a - b - 1 <= -2', 1, 2, true],
    ['2 * a + b / 4 <= 3', 1, 4, true],
    ['2 * (a + b) / 4 >= 2.5', 1, 4, true],
    ['-a <= -.5e0', 0.4, 0, false],
    ['a*b<=wide_1', 2, 5, true],
    ['a * b <= wide_1', 2, 5.1, false],
    ['12 / a / b <= 2', 2, 3, true],
  ])('%s is kept by %d and %d: %s', (text, a, b, kept) => {
    expect(parseRule(text, names).keeps(at(a, b))).toBe(kept);
  });

  it('says by how much it is missed', () => {
    expect(parseRule('a + b <= 3', names).missedBy(at(2, 4))).toBe(3);
    expect(parseRule('a >= 2 * b', names).missedBy(at(1, 2))).toBe(3);
    expect(parseRule('a <= b', names).missedBy(at(1, 2))).toBe(0);
    expect(parseRule('a / b <= 1', names).missedBy(at(0, 0))).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['a + b', 'found the end, expected a comparison (<, <=, >, >=)'],
    ['a <= ', 'found the end, expected a number, a variable or ('],
    ['a <= b <= 3', "found '<=', expected the end"],
    ['a == b', "found '== b', expected a number, a variable or an operator"],
    ['(a <= b', "found '<=', expected )"],
    ['a & b', "found '& b', expected"],
    ['c <= 1', "found 'c', expected one of a, b, wide_1"],
    ['', 'found the end, expected'],
  ])('refuses %s', (text, message) => {
    expect(() => parseRule(text, names)).toThrow(SyntaxError);
    expect(() => parseRule(text, names)).toThrow(message);
  });
});
