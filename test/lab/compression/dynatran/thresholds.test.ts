// Thresholds of operands that cost different amounts: what is cheap goes first.
import { describe, expect, it } from 'vitest';
import type { Operand } from '../../../../src/engine/tape/tape.ts';
import { Tape } from '../../../../src/engine/tape/tape.ts';
import { SizeHistogram } from '../../../../src/lab/compression/dynatran/histogram.ts';
import type { OperandProfile } from '../../../../src/lab/compression/dynatran/profile.ts';
import { thresholdsByCost } from '../../../../src/lab/compression/dynatran/thresholds.ts';
import type { ModelPruning } from '../../../../src/models/pruning.ts';

const WHOLE = 2;
/** Loss of leaving out all of an operand, and multiplications that it has; the loss grows with the square of the share. */
const OPERANDS: Readonly<Record<string, readonly [loss: number, products: number]>> = {
  free: [0, 100],
  cheap: [0.1, 1000],
  dear: [5, 1000],
};

function profileOf(name: string): OperandProfile {
  const sizes = () => {
    const histogram = new SizeHistogram();
    for (let i = 1; i <= 4000; i++) histogram.add(i / 4000);
    return histogram;
  };
  const operand: Operand = { name, tensor: new Tape().value([1, 4, 8]), rows: 4, columns: 8 };
  return { operand, isActivation: true, elements: sizes(), columns: sizes() };
}

const profiles = Object.keys(OPERANDS).map(profileOf);

/** What a pruning costs and saves, by the table; sizes lie evenly between 0 and 1, so a threshold is a share. */
function judged(pruning: ModelPruning) {
  let [loss, skipped] = [0, 0];
  for (const [name, { threshold }] of Object.entries(pruning)) {
    const [most, products] = OPERANDS[name] as readonly [number, number];
    loss += most * threshold ** 2;
    skipped += products * threshold;
  }
  return { distance: WHOLE * (1 + loss), multiplications: { issued: 2100 - skipped, skipped } };
}

describe('thresholds by what operands cost', () => {
  const offered = () =>
    thresholdsByCost(profiles, 'columns', {
      whole: judged({}),
      judge: (pruning) => Promise.resolve(judged(pruning)),
      progress: () => undefined,
    });

  it('leave out more with each price, and first what costs nothing', async () => {
    const prunings = await offered();
    const [first = {}] = prunings;
    expect(first['free']?.threshold).toBeCloseTo(0.95, 1);
    expect(first['dear']).toBeUndefined();
    const saved = prunings.map((pruning) => judged(pruning).multiplications.skipped);
    expect(saved).toEqual(saved.toSorted((a, b) => a - b));
    expect(saved.at(-1)).toBeGreaterThan(1900);
  });

  it('lose less than the same share of each, for as many multiplications', async () => {
    const prunings = (await offered()).map(judged);
    for (const share of [0.2, 0.4, 0.6]) {
      const uniform = judged(
        Object.fromEntries(
          Object.keys(OPERANDS).map((name) => [name, { form: 'columns', threshold: share }]),
        ),
      );
      const ours = prunings.find(
        ({ multiplications }) => multiplications.skipped >= uniform.multiplications.skipped,
      );
      expect(ours?.distance).toBeLessThan(uniform.distance);
    }
  });
});
