import { ensemble as detector, ensembleDesign } from '../../detection/detectors/ensemble.ts';
import { readDesign } from '../../detection/detectors/scoring/design.ts';
import type { Exporter } from '../exporter.ts';
import { encoderGraph } from './encoder.ts';
import { gonGraphs } from './gon.ts';

/** What its members are, for it has no network of its own. */
export const ensemble: Exporter = {
  kind: detector.kind,
  graphs(model) {
    const { gon, encoder } = readDesign(ensembleDesign, model);
    return [...gonGraphs(model, gon), ...(encoder ? [encoderGraph(model, encoder)] : [])];
  },
};
