// The GON and a small time-series transformer: the weighted sum of the scores of both. The GON learns what normal windows
// look like, the forecaster learns what follows them. lab/evaluation/NOTES.md lists the errors of each.
import { z } from 'zod';
import { readDesign } from '../detector-plugin.ts';
import { gonDesign } from '../gon/design.ts';
import { pathsOf } from '../gon/gon.ts';
import { encoderBody, forecasterDesign } from '../networks/forecast.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { weighted } from '../scoring/path.ts';
import { pathPlugin } from '../scoring/plugin.ts';

/** The key of its design and the prefix of its weight names. */
export const FORECASTER = 'forecaster';

/** Without `forecaster` the GON scores alone: the recording was too short for the forecaster. */
export const ensembleDesign = z.object({
  gon: gonDesign,
  [FORECASTER]: forecasterDesign.shape.forecaster.optional(),
  /** Weight of the forecaster in the score, 0 to 1. */
  forecasterWeight: z.number().min(0).max(1),
});

export const ensemble = pathPlugin({
  kind: 'ensemble',
  summary: 'the GON alongside the forecaster',
  paths(model, kernels) {
    const { gon, forecaster, forecasterWeight } = readDesign(ensembleDesign, model);
    const gonPaths = pathsOf(gon, model, kernels);
    if (!forecaster) return gonPaths;
    const body = encoderBody(forecaster);
    const forecasts = forecastPaths(FORECASTER, body, forecaster, model, kernels);
    return [...weighted(gonPaths, 1 - forecasterWeight), ...weighted(forecasts, forecasterWeight)];
  },
});
