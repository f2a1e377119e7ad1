// Encoders as a family that is searched.
import { DEFAULT_POINT } from '../../../detectors/networks/training/options.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import { encoderFamily } from '../../../models/network-family.ts';
import { describeSpace } from '../design-space/describe.ts';
import { designKey } from '../design-space/design-key.ts';
import { distancesAmong } from '../design-space/edit-distance.ts';
import { embeddings, heldOutStress } from '../design-space/embeddings.ts';
import { enumerable, enumerate, sizeOf } from '../design-space/enumerate.ts';
import { graphOf } from '../design-space/graph.ts';
import { grow } from '../design-space/grow.ts';
import { alikeDesigns, levelsOf } from '../design-space/levels.ts';
import { neighboursOf } from '../design-space/neighbours.ts';
import { choicesOf, placesOf, pointOf } from '../design-space/places.ts';
import { sample } from '../design-space/sample.ts';
import { type DesignSpace, namedSpaces, readSpace } from '../design-space/space.ts';
import type { SearchFamily } from './contract.ts';

export const encoders: SearchFamily<DesignPoint, DesignSpace> = {
  kind: encoderFamily.kind,
  network: encoderFamily,
  handMade: DEFAULT_POINT,
  trainingOf: ({ rows, patch }) => ({ rows, patch }),
  keyOf: designKey,
  graphOf(design) {
    const { nodes, edges } = graphOf(design);
    return { labels: nodes.map(({ label }) => label), edges };
  },
  neighboursOf,
  distancesAmong,
  embeddings,
  heldOutStress,
  spaces: namedSpaces,
  readSpace,
  sizeOf,
  enumerable,
  enumerate,
  sample,
  placesOf(space) {
    const places = placesOf(space);
    return {
      choicesOf: (points) => choicesOf(points, places),
      pointOf: (row) => pointOf(row, places),
    };
  },
  levelsOf,
  firstOf: alikeDesigns,
  grow,
  describe: describeSpace,
};
