import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import {
  pointOf,
  proofDesigns,
  readProofSpace,
} from '../../../../src/lab/search/proof/proof-space.ts';
import { requireLegal } from '../../../../src/models/design-point.ts';

const PATCHES = 16;
const file = {
  command: 'npx tsx scripts/proof-space.ts',
  data: 'ASD omi-2',
  settings: { rows: 32 },
  engine: { version: '0.1.0', kernels: 'abc' },
  seeds: [1],
  designs: [
    { layers: [['convolution-5', 1, 16]], vusPr: [0.5], loss: [0.1], trainS: [1], usPerRow: [50] },
  ],
};

describe('proof space', () => {
  it('is 28 designs of one layer and 28^2 of two, all different and legal', () => {
    const designs = proofDesigns();
    expect(designs).toHaveLength(812);
    expect(new Set(designs.map((design) => JSON.stringify(design))).size).toBe(812);
    for (const design of designs) {
      const point = pointOf(design);
      requireLegal(point, PATCHES);
      expect(point.layers.map(({ heads, hidden }) => [heads.length, hidden])).toEqual(
        design.map(([, heads, hidden]) => [heads, hidden]),
      );
    }
  });

  it('reads its file', () => {
    expect(readProofSpace(JSON.stringify(file), 'x.json')).toEqual(file);
  });

  it.each([
    ['text that is no JSON', '{'],
    ['a file of something else', '[]'],
    ['no designs', JSON.stringify({ ...file, designs: [] })],
    ['an operation that there is not', JSON.stringify(file).replace('convolution-5', 'pooling')],
  ])('refuses %s by name', (_, text) => {
    expect(() => readProofSpace(text, 'x.json')).toThrow(SourceError);
    expect(() => readProofSpace(text, 'x.json')).toThrow(/^x\.json holds no measured proof space/);
  });
});
