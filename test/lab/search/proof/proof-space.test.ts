import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import { designKey } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import {
  pointOf,
  proofDesigns,
  readProofSpace,
} from '../../../../src/lab/search/proof/proof-space.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';

const file = {
  command: 'npx tsx scripts/proof-space.ts',
  data: 'ASD omi-2',
  settings: { rows: 32 },
  engine: { version: '0.1.0', kernels: 'wasm-simd', build: 'abc' },
  seeds: [1],
  designs: [
    { layers: [['convolution-5', 1, 16]], vusPr: [0.5], loss: [0.1], trainS: [1], usPerRow: [50] },
  ],
};

describe('proof space', () => {
  it('is the space of that name: 28 designs of one layer and 28^2 of two', () => {
    const designs = proofDesigns();
    expect(designs).toHaveLength(812);
    const keysOf = (points: readonly DesignPoint[]): Set<string> => new Set(points.map(designKey));
    expect(keysOf(designs.map(pointOf))).toEqual(keysOf(enumerate(readSpace('proof'))));
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
