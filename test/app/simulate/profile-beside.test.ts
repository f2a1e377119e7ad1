// What `sentigon simulate --profile` takes from a profile, of networks of either family.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../src/app/models/model-folder.ts';
import { measuredOn, subject } from '../../../src/app/simulate/inputs.ts';
import { enumerateCnns } from '../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../src/lab/search/cnn-space/space.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { ENGINE, prepare, space } from '../search/toy-search.ts';
import { trained } from './toy-network.ts';

const skips = {
  cells: [
    {
      ...{ channels: 8, activation: 'silu', output: [1] },
      vertices: [{ operation: { op: 'skip' }, inputs: [0] }],
    },
  ],
};
const encoder = { point: enumerate(space)[0], rows: 16, patch: 2, width: 3, horizon: 1 };

/** A design file of a convolutional network. */
function file(name: string, cnn: unknown): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, JSON.stringify({ cnn, rows: 16, width: 3, horizon: 1 }));
  return path;
}

describe('a profile beside a simulation', () => {
  const points = enumerateCnns(
    readCnnSpace({ family: 'cnn', cells: [1], vertices: [1], rows: 16 }),
  );
  const cnns = () => prepare(tempFolder(), ENGINE, 'x86', points);

  it('has the latency of a convolutional network, too, as a design and as a model', async () => {
    const { design: measured } = await subject(file('measured.json', points[0]), 1);
    const latency = measuredOn(cnns(), measured, ENGINE);
    expect(latency).toMatchObject({ device: 'x86', isMeasured: true });
    expect(latency.latencyS).toBeGreaterThan(0);
    const model = join(tempFolder(), 'cnn.safetensors');
    const point = points[0];
    const cnn = await trained('cnn', { point, steps: 1, rows: 16, batch: 8 });
    await writeModel(model, cnn);
    const width = cnn.channels.length;
    expect((await subject(model, 1)).design).toEqual({ ...(measured as object), width });
  });

  it('is refused where it measured nothing of the kind', async () => {
    const encoders = prepare(tempFolder());
    const { design: unknown } = await subject(file('unknown.json', skips), 1);
    expect(() => measuredOn(encoders, unknown, ENGINE)).toThrow(
      `${encoders} holds no networks of the family cnn: profile that device with networks like this one, or leave out --profile`,
    );
    expect(() => measuredOn(cnns(), encoder, ENGINE)).toThrow(
      /holds no networks of the family encoder: /,
    );
    expect(() => measuredOn(cnns(), undefined, ENGINE)).toThrow(
      'expected a forecaster or a cnn, which profiles are of: leave out --profile',
    );
  });
});
