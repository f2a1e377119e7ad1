// A small time-series transformer that tells hidden parts of a window from the rest; what it cannot tell is anomalous.
import { encoderDesign } from '../networks/encoder-design.ts';
import { EncoderDistances } from '../networks/encoder-distances.ts';
import { ENCODER } from '../networks/reconstruction.ts';
import { readDesign } from '../scoring/design.ts';
import { pathPlugin } from '../scoring/plugin.ts';

export const encoder = pathPlugin({
  kind: 'encoder',
  summary: 'a time-series transformer that tells hidden channels from the others and from the past',
  paths(model, kernels) {
    const { encoder: design } = readDesign(encoderDesign, model);
    const views = design.halfLives.length;
    const distances = new EncoderDistances(model, design, kernels);
    return [{ name: ENCODER, distances, views, weight: 1 / views }];
  },
});
