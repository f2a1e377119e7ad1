// Which family for which device: of the encoders and the convolutional networks of the proof spaces together the front of VUS-PR,
// latency and memory, for each device whose profile is at hand. Writes families.json and FAMILIES.md into the folder of --out.
//   npx tsx scripts/families.ts --profile this.json[,other.json] [--out results/search]
// A design is on the front by the VUS-PR of its first seed and by the predicted latency; what is shown is the mean of two other
// seeds, trained here where the table of the proof space lacks them, and on this machine the latency as it is measured, the least of
// several rounds.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { duration, short } from '../src/app/search/costs.ts';
import { readProfile } from '../src/app/search/files.ts';
import { finalCosts, ROUND } from '../src/app/search/final-costs.ts';
import { version } from '../src/app/version.ts';
import { KnownError } from '../src/core/errors.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { mean } from '../src/engine/statistics.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { deviceFacts, isLike } from '../src/lab/profiler/device-facts.ts';
import { engineIdentity } from '../src/lab/profiler/engine-identity.ts';
import { thisHost } from '../src/lab/profiler/host.ts';
import { measureNetwork } from '../src/lab/profiler/measure-network.ts';
import type { ProfiledNetwork } from '../src/lab/profiler/network.ts';
import { predictorOf } from '../src/lab/profiler/predictor.ts';
import { regressors } from '../src/lab/profiler/regressors.ts';
import { familyOfDesign } from '../src/lab/search/families/index.ts';
import { paretoFront } from '../src/lab/search/front.ts';
import { commandLine, refuse } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';
import { proofFamilies, proofNetworks, trainProof } from './search-proof/proof-training.ts';
import { readProof } from './search-proof/tables.ts';

/** Seeds whose mean is shown; the first one has chosen. */
const SHOWN = [2, 3] as const;

const { values } = commandLine({
  options: {
    profile: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const paths = values.profile?.split(',') ?? refuse('--profile: name a file of sentigon profile');
const kernels = await loadKernels();
const series = openDataset('ASD', ...dataRoots(undefined)).read('omi-2');
const { signal } = new AbortController();

type FamilyName = keyof typeof proofFamilies;

/** A design of a proof space, in the order of its family. */
interface Candidate {
  readonly family: FamilyName;
  readonly place: number;
  readonly network: ProfiledNetwork;
  /** By seed, as far as they were trained. */
  readonly vusPr: readonly number[];
}

interface Shown {
  readonly onFront: boolean;
  readonly family: FamilyName;
  readonly network: string;
  readonly chosenBy: number;
  readonly vusPr: number | undefined;
  readonly predictedUs: number;
  readonly measuredUs: number | undefined;
  readonly memoryKb: number;
}

function candidatesOf(family: FamilyName): readonly Candidate[] {
  const trained = readProof(family);
  return proofNetworks(family, series.train.channels.length).map((network, place) => ({
    ...{ family, place, network, vusPr: trained[place]?.vusPr ?? [] },
  }));
}

/** Mean of the seeds that are shown; undefined where one of them diverges. */
async function shownVusPr({ family, place, network, vusPr }: Candidate) {
  const found: number[] = [];
  for (const seed of SHOWN) {
    const known = vusPr[seed - 1];
    const one = known ?? (await trainedVusPr(family, place, network, seed));
    if (one === undefined) return undefined;
    found.push(one);
  }
  return mean(found);
}

async function trainedVusPr(
  family: FamilyName,
  place: number,
  { point }: ProfiledNetwork,
  seed: number,
): Promise<number | undefined> {
  const own = proofFamilies[family];
  const context = { kernels, signal, seed: seed * own.seedStride + place };
  try {
    return (await trainProof(own, point, series, context)).vusPr;
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

async function measuredUs(network: ProfiledNetwork, expectedS: number): Promise<number> {
  const tools = { kernels, host: thisHost, signal, timing: ROUND };
  const { costs } = await finalCosts(network, [], expectedS, (one) =>
    measureNetwork({ network: one }, tools),
  );
  return costs.p50S * 1e6;
}

async function tableFor(path: string) {
  const profile = readProfile(path, engineIdentity(kernels, version()));
  const all = [...candidatesOf('encoder'), ...candidatesOf('cnn')].filter(
    ({ vusPr }) => vusPr.length > 0,
  );
  const predicted = predictorOf(profile, regressors).predict(all);
  const costs = all.map(({ vusPr: [first = 0] }, i) => {
    const { p50S, memoryBytes = 0 } = predicted[i] ?? {};
    return [1 - first, p50S?.mean ?? Number.POSITIVE_INFINITY, memoryBytes] as const;
  });
  const isHere = isLike(profile.device, deviceFacts(thisHost));
  const front = paretoFront(costs);
  /** Of each family the one with the highest VUS-PR, which may be none of the front. */
  const best = (['encoder', 'cnn'] as const).map((family) =>
    all.reduce(
      (found, one, i) =>
        one.family === family && (found < 0 || (costs[i]?.[0] ?? 1) < (costs[found]?.[0] ?? 1))
          ? i
          : found,
      -1,
    ),
  );
  const rows: Shown[] = [];
  for (const i of new Set([...front, ...best])) {
    const one = all[i] as Candidate;
    const [chosenBy, predictedS, memoryBytes] = costs[i] as (typeof costs)[number];
    const { point } = one.network;
    rows.push({
      onFront: front.includes(i),
      family: one.family,
      network: familyOfDesign(point).keyOf(point),
      chosenBy: 1 - chosenBy,
      vusPr: await shownVusPr(one),
      predictedUs: predictedS * 1e6,
      measuredUs: isHere ? await measuredUs(one.network, predictedS) : undefined,
      memoryKb: memoryBytes / 1024,
    });
  }
  rows.sort((a, b) => b.chosenBy - a.chosenBy);
  const { kind, model } = profile.device;
  return { device: kind, model, designs: all.length, rows };
}

function sectionOf({ device, model, designs, rows }: Awaited<ReturnType<typeof tableFor>>): string {
  const counts = Object.keys(proofFamilies)
    .map(
      (family) => `${rows.filter((row) => row.onFront && row.family === family).length} ${family}s`,
    )
    .join(' and ');
  return `## ${device} (${model})

${counts} are on the front, of ${designs} networks.

${markdownTable(
  [
    'front',
    'family',
    'network',
    'VUS-PR, seed 1',
    'VUS-PR, seeds 2 and 3',
    'predicted',
    'measured',
    'memory',
  ],
  rows.map((row) => [
    ...[row.onFront ? '*' : '', row.family, `\`${row.network}\``, row.chosenBy.toFixed(3)],
    ...[row.vusPr?.toFixed(3) ?? 'diverged', duration(row.predictedUs * 1e-6)],
    row.measuredUs === undefined ? '-' : duration(row.measuredUs * 1e-6),
    `${short(row.memoryKb)} KB`,
  ]),
)}
`;
}

const found = [];
for (const path of paths) found.push(await tableFor(path));
const command = `npx tsx scripts/families.ts --profile ${paths.length > 1 ? 'FILES' : 'FILE'}`;
writeFileSync(
  join(values.out, 'families.json'),
  `${JSON.stringify({ command, devices: found }, undefined, 1)}\n`,
);
writeFileSync(
  join(values.out, 'FAMILIES.md'),
  `# Which family for which device

\`${command}\` writes this page; FILE is of
\`sentigon profile --family encoder,cnn --channels 19\`. The networks are the 812 encoders and the 1,200 convolutional networks of the
proof spaces, trained alike for 300 steps on ASD omi-2. On the front (*) are those than which none has a higher VUS-PR, a lower
predicted latency and less memory; the best network of each family is shown in any case. The first seed chooses, so its VUS-PR is
too high; the mean of two other seeds is what to expect. All are judged on the same events.

${found.map(sectionOf).join('\n')}`,
);
