// The GON alongside a small time-series transformer: the paths of both, each on its own scale, added. The GON knows what
// windows look like, the forecaster what follows them; lab/evaluation/NOTES.md has where they err.
import { z } from 'zod';
import { gonDesign } from '../gon/design.ts';
import { pathsOf } from '../gon/paths.ts';
import { encoderBody } from '../networks/forecast.ts';
import { forecasterDesign } from '../networks/forecast-design.ts';
import { forecastPaths } from '../networks/forecast-distances.ts';
import { readDesign } from '../scoring/design.ts';
import { weighted } from '../scoring/path.ts';
import { pathPlugin } from '../scoring/plugin.ts';

/** The key of its design and the prefix of its weights. */
export const FORECASTER = 'forecaster';

/** A recording may be too short for the forecaster; then the GON is alone. */
export const ensembleDesign = z.object({
  gon: gonDesign,
  [FORECASTER]: forecasterDesign.shape.forecaster.optional(),
  /** Share of the score that is the forecaster's. */
  forecasterWeight: z.number().min(0).max(1),
});

export const ensemble = pathPlugin({
  kind: 'ensemble',
  summary: 'the GON alongside the forecaster',
  paths(model, kernels) {
    const { gon, forecaster, forecasterWeight } = readDesign(ensembleDesign, model);
    const learnt = pathsOf(gon, model, kernels);
    if (!forecaster) return learnt;
    const body = encoderBody(forecaster);
    const told = forecastPaths(FORECASTER, body, forecaster, model, kernels);
    return [...weighted(learnt, 1 - forecasterWeight), ...weighted(told, forecasterWeight)];
  },
});
