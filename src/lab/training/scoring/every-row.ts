// What a detector is calibrated as: one that runs its network for each row, whatever it saves later. A row that surprises
// is then judged as it would be without heads for further steps: by the same score, on the same scale, at the same level.
import { type PathPlugin, pathPlugin } from '../../../detection/detectors/scoring/plugin.ts';
import type { Model } from '../../../models/model.ts';

/** The same kind, blind to the heads of a design. */
export function everyRow(plugin: PathPlugin): PathPlugin {
  return pathPlugin({
    ...plugin,
    paths: (model, kernels) =>
      plugin.paths({ ...model, design: withoutHeads(model.design) }, kernels),
  });
}

/** Of each network that a model is made of. */
export function withoutHeads(design: Model['design']): Model['design'] {
  return Object.fromEntries(
    Object.entries(design).map(([name, part]) => {
      if (typeof part !== 'object' || part === null || !('dynamo' in part)) return [name, part];
      const { dynamo: _heads, ...rest } = part;
      return [name, rest];
    }),
  );
}
