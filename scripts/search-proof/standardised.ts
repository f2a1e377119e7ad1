// The authors' integers on one scale.
import type { Points } from '../../src/engine/regression/regressor.ts';
import { standardDeviation } from '../../src/engine/statistics.ts';
import { authors } from '../../src/lab/search/design-space/embeddings/authors.ts';
import type { Embedding } from '../../src/lab/search/design-space/embeddings/embedding.ts';

/** As `authors`, each coordinate in standard deviations: theirs range from 12 to 21,805. */
export const standardised: Embedding = {
  kind: 'authors-standardised',
  summary: authors.summary,
  embed: (points, space) => inDeviations(authors.embed(points, space)),
};

function inDeviations({ values, width }: Points): Points {
  const scaled = values.slice();
  for (let k = 0; k < width; k++) {
    const deviation = standardDeviation(values.filter((_, i) => i % width === k)) || 1;
    for (let i = k; i < scaled.length; i += width) scaled[i] = (values[i] as number) / deviation;
  }
  return { values: scaled, width };
}
