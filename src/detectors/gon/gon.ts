// The default detector: a generative optimisation network that works. Several discriminators, each over its own
// number of newest rows; each says how far a window lies from what it calls normal, by optimising in input space.
//
// Departs from Tuli et al. 2021, "Generative optimization networks for memory efficient data generation", and from
// its published code (a linear discriminator that collapses in training); for the training see detectors/gon/training/.
// - The logit is ascended along its own gradient with backtracking: Adam's steps have the same size in every
//   coordinate and so erase the direction of the error.
// - A second path starts at the nearest remembered window, because near an anomaly D may be flat and the first path ends
//   where it began. It may be drawn towards the observed window by D; by default it is not (lab/evaluation/NOTES.md), and
//   members that have this path alone have no discriminator.
// - Distances are read twice, over the newest row and over the recent ones: faults may be a spike or a shape.
// - Each channel's distance is measured against its own ordinary distances, on rows that training did not see.
// - Two paths are also read by their magnitude, with no channel put on a scale of its own, where it is beyond all that the
//   held-back rows reached: one channel that is off by a thousand deviations is more than one off by fifty.
// - Some members see windows without their level: load and season move it, and the shape stays.
// - One member is linear: load may grow along what normal windows show, where every remembered window is far away.

import { readDesign } from '../scoring/design.ts';
import { pathPlugin } from '../scoring/plugin.ts';
import { gonDesign } from './design.ts';
import { pathsOf } from './paths.ts';

export const gon = pathPlugin({
  kind: 'gon',
  summary: 'generative optimisation networks over several window lengths',
  paths: (model, kernels) => pathsOf(readDesign(gonDesign, model), model, kernels),
});
