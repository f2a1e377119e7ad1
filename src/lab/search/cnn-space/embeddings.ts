// Networks of cells as coordinates: one for each option, or learned from edit distances, with our costs or with those of
// CODEBench's authors.
import { type Registry, registry } from '../../../core/registry.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import type { CnnPoint } from '../../../models/cnn-design.ts';
import type { Embedding } from '../design-space/embeddings.ts';
import { layOut, stressOf } from '../design-space/embeddings.ts';
import { authorsCosts, cnnDistancesAmong } from './distance.ts';
import { cnnChoices, cnnPlaces } from './places.ts';
import type { CnnSpace } from './space.ts';

type CnnEmbedding = Embedding<CnnPoint, CnnSpace>;

const oneHot: CnnEmbedding = {
  kind: 'one-hot',
  summary: 'a coordinate for each option of each property, without learning',
  embed(points, space): Points {
    const { sizes, values } = cnnChoices(points, cnnPlaces(space));
    const width = sizes.reduce((sum, size) => sum + size, 0);
    const found = new Float64Array(points.length * width);
    for (let i = 0; i < points.length; i += 1) {
      let from = i * width;
      for (const [j, size] of sizes.entries()) {
        const option = values[i * sizes.length + j] as number;
        if (option >= 0) found[from + option] = 1;
        from += size;
      }
    }
    return { values: found, width };
  },
};

/** Networks that differ only in operations that learn equally much have one place. */
const authors: CnnEmbedding = {
  kind: 'authors',
  summary: "coordinates learned from the edit distances between networks, with the authors' costs",
  embed: (points) => layOut(points.length, cnnDistancesAmong(points, authorsCosts)).coordinates,
};

const learned: CnnEmbedding = {
  kind: 'learned',
  summary: 'coordinates learned from the edit distances between networks',
  embed: (points) => layOut(points.length, cnnDistancesAmong(points)).coordinates,
};

/** As `heldOutStress` of encoders. */
export function cnnStress(points: readonly CnnPoint[], seed: number): number | undefined {
  return stressOf(points.length, cnnDistancesAmong(points), seed);
}

export const cnnEmbeddings: Registry<CnnEmbedding> = registry<CnnEmbedding>(
  oneHot,
  authors,
  learned,
);
