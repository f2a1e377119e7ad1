// The GON and the encoder side by side: the paths of both, put on one scale each, added.
// They err in different places (lab/evaluation/NOTES.md): the GON knows windows, the encoder what one channel says of
// another.
import { z } from 'zod';
import { gonDesign } from './gon/design.ts';
import { pathsOf } from './gon/paths.ts';
import { encoderDesign } from './networks/encoder-design.ts';
import { encoderPaths } from './networks/encoder-paths.ts';
import { readDesign } from './scoring/design.ts';
import { weighted } from './scoring/path.ts';
import { pathPlugin } from './scoring/plugin.ts';

/** A recording may be too short for the encoder; then the GON is alone. */
export const ensembleDesign = z.object({
  gon: gonDesign,
  encoder: encoderDesign.shape.encoder.optional(),
  /** Share of the score that is the encoder's. */
  encoderWeight: z.number().min(0).max(1),
});

export type EnsembleDesign = z.infer<typeof ensembleDesign>;

export const ensemble = pathPlugin({
  kind: 'ensemble',
  summary: 'the GON alongside the encoder',
  paths(model, kernels) {
    const { gon, encoder, encoderWeight } = readDesign(ensembleDesign, model);
    const learnt = pathsOf(gon, model, kernels);
    if (!encoder) return learnt;
    const told = encoderPaths(encoder, model, kernels);
    return [...weighted(learnt, 1 - encoderWeight), ...weighted(told, encoderWeight)];
  },
});
