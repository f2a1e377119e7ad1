// How far the predictions of a profile of both families are off for networks that it has not seen, family by family, and how far
// those of a profile of one family alone would be. Writes profile-families.json and PROFILER.md into the folder of --out.
//   npx tsx scripts/profile-errors.ts --profile this.json [--out results/search]
import { fileURLToPath } from 'node:url';
import { readProfile } from '../src/app/search/files.ts';
import { version } from '../src/app/version.ts';
import { lookUp } from '../src/core/registry.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { pointsAt } from '../src/engine/regression/regressor.ts';
import { errorOf, heldOut, onLogarithms } from '../src/lab/profiler/choose-regressor.ts';
import { viewsOf } from '../src/lab/profiler/designs.ts';
import { engineIdentity } from '../src/lab/profiler/engine-identity.ts';
import { valuesOf } from '../src/lab/profiler/predictor.ts';
import { TARGETS, type Target } from '../src/lab/profiler/profile.ts';
import { regressors } from '../src/lab/profiler/regressors.ts';
import { familyOf, networkFamilies } from '../src/models/network-family.ts';
import { commandLine, refuse } from './command-line.mjs';
import type { ProfileFamilies, ProfileFamilyRow } from './profiler/page/profiler.ts';
import { writeResults } from './profiler/page.ts';

const { values } = commandLine({
  options: {
    profile: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const path = values.profile ?? refuse('--profile: name a file of sentigon profile');
const profile = readProfile(path, engineIdentity(await loadKernels(), version()));
const { measurements, seed, device } = profile;

/** With the regressor and the features that the profile has chosen. */
function rowsOf(target: Target): readonly ProfileFamilyRow[] {
  const best = profile.regressors[target]?.[0];
  if (!best) return [];
  const { rows, y } = valuesOf(target, measurements);
  const measured = rows.flatMap((row) => measurements[row] ?? []);
  const points = viewsOf(measured)[best.features] ?? refuse(`--profile: no ${best.features}`);
  const learn = onLogarithms(lookUp(regressors, best.regressor, 'regressor').fit);
  const together = heldOut(learn, points, y, seed);
  return [...networkFamilies.keys()].flatMap((family) => {
    const own = measured.flatMap(({ network }, row) =>
      familyOf(network.point).kind === family ? [row] : [],
    );
    if (own.length === 0) return [];
    const at = (of: Float64Array) => Float64Array.from(own, (row) => of[row] as number);
    const alone = heldOut(learn, pointsAt(points, own), at(y), seed);
    return {
      ...{ target, family, networks: own.length },
      ...{ regressor: best.regressor, features: best.features },
      together: errorOf(at(together), at(y)).mape,
      alone: errorOf(alone, at(y)).mape,
    };
  });
}

writeResults(values.out, 'profile-families.json', {
  command: 'npx tsx scripts/profile-errors.ts --profile FILE',
  ...{ device: device.kind, model: device.model, measuredAt: profile.measuredAt },
  rows: TARGETS.flatMap(rowsOf),
} satisfies ProfileFamilies);
