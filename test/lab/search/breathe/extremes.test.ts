import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import {
  drawnExtreme,
  furtherBy,
  LEAST_GAIN,
} from '../../../../src/lab/search/breathe/extremes.ts';
import { evaluatedFrom } from '../../../../src/lab/search/points/history.ts';
import { rangesOf, scalarOf } from '../../../../src/lab/search/points/scalar.ts';

describe('an archive at one end of a concave front (#22)', () => {
  const known = (...objectives: number[]) =>
    evaluatedFrom(objectives, [{ objectives, constraints: [] }]);
  const [end, dominated] = [known(0, 1), known(0.9, 6)];
  const ranges = rangesOf([end, dominated], [end]);
  const random = createRandom(1);

  it('keeps to the known point under weights of both, though the other end is predicted', () => {
    for (const first of [0.05, 0.2, 0.5, 0.8, 0.95]) {
      const weights = [first, 1 - first];
      const { at } = scalarOf(ranges, { value: 'tchebycheff', weights, penalty: 0 });
      expect(at([0, 1])).toBeLessThan(at([0.99, 0.1]));
    }
  });

  it('prefers the other end where one objective alone is sought', () => {
    const isPreferred = Array.from({ length: 20 }, () => {
      const scalar = scalarOf(ranges, { ...drawnExtreme(2, random), penalty: 0 });
      return furtherBy(scalar.at([0.99, 0.1]), [end], scalar) > LEAST_GAIN;
    });
    expect(new Set(isPreferred)).toEqual(new Set([true, false]));
  });

  it('does not take a little less than what is known for another end', () => {
    const scalar = scalarOf(ranges, { ...drawnExtreme(2, random), penalty: 0 });
    expect(furtherBy(scalar.at([-0.001, 0.99]), [end], scalar)).toBeLessThan(LEAST_GAIN);
  });
});
