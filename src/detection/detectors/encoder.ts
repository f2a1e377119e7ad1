// A small time-series transformer that tells hidden parts of a window from the rest; what it cannot tell is anomalous.
import { encoderDesign } from './networks/encoder-design.ts';
import { encoderPaths } from './networks/encoder-paths.ts';
import { readDesign } from './scoring/design.ts';
import { pathPlugin } from './scoring/plugin.ts';

export const encoder = pathPlugin({
  kind: 'encoder',
  summary: 'a time-series transformer that tells hidden channels from the others and from the past',
  paths: (model, kernels) => encoderPaths(readDesign(encoderDesign, model).encoder, model, kernels),
});
