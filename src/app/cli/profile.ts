// `sentigon profile`: what networks cost on this machine.
import { cpus } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { lookUp } from '../../core/registry.ts';
import { onDisk } from '../../io/files/written-file.ts';
import type { Design } from '../../lab/profiler/designs.ts';
import { devices } from '../../lab/profiler/devices.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import { thisHost } from '../../lab/profiler/host.ts';
import { detectMeter, meters, openMeter } from '../../lab/profiler/meters/index.ts';
import { disturbedOf, type Profile, TARGETS, writeProfile } from '../../lab/profiler/profile.ts';
import { PROFILING, profileDevice } from '../../lab/profiler/profile-device.ts';
import { LEARNER, regressors } from '../../lab/profiler/regressors.ts';
import { THOROUGH } from '../../lab/profiler/timing.ts';
import { namedSpaces } from '../../lab/search/design-space/space.ts';
import { familyOfSpace, type NetworkSpace } from '../../lab/search/families/index.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { listenForStop } from '../process/stop.ts';
import { duration } from '../search/costs.ts';
import { gapIn } from '../search/devices.ts';
import { spaceFrom } from '../search/files.ts';
import { version } from '../version.ts';
import { kindsOption, numberOption, settings, wholeOption } from './options.ts';
import { requireOutput } from './output-file.ts';
import { createProgress } from './progress.ts';
import { FAMILY_HELP } from './search-options.ts';

interface ProfileOptions {
  readonly out: string;
  readonly device?: string;
  readonly family: readonly string[];
  readonly space: string;
  readonly channels: readonly number[];
  readonly most: number;
  readonly seconds: number;
  readonly meter?: string | false;
  readonly meterOption?: Readonly<Record<string, unknown>>;
  readonly processor: number;
  readonly seed: number;
  readonly json?: true;
}

const NOTES = `
Do not use the machine during the measurement. The command picks the networks whose measurement improves the
predictions most, and stops when the error on held-out networks is about a tenth, or at --most. Energy and peak
power are measured if there is a meter:
${[...meters.values()].map(({ kind, summary }) => `  ${kind}: ${summary}`).join('\n')}
For each quantity the regressor with the lowest error on held-out networks is chosen, out of:
${[...regressors.values()].map(({ kind, summary }) => `  ${kind}: ${summary}`).join('\n')}
A profile is valid for one device and one version of the engine; sentigon search accepts several.

Example:
  $ sentigon profile --out pi4.json
  $ sentigon profile --out pi4.json --meter csv-log --meter-option path=power.csv`;

export function profileCommand(): Command {
  return new Command('profile')
    .requiredOption('-o, --out <file>', 'profile to write (JSON)')
    .option(
      '--device <kind>',
      `kind of this machine (default: detected): ${[...devices.keys()].join(', ')}`,
    )
    .option('--family <kinds>', `${FAMILY_HELP}, or several separated by commas`, kindsOption, [
      'encoder',
    ])
    .option(
      '--space <name>',
      `space of networks: ${[...namedSpaces.keys()].join(', ')}, or a .json file`,
      'proof',
    )
    .option(
      '--channels <n>',
      'numbers of channels of the series, separated by commas',
      channelsOption,
      [8, 16, 32],
    )
    .option('--most <n>', 'most networks to measure', wholeOption, PROFILING.most)
    .option('--seconds <s>', 'measuring time of each network', numberOption, THOROUGH.leastS)
    .option('--meter <kind>', 'kind of meter (default: the first that is found)')
    .option('--no-meter', 'do not measure energy')
    .option('--meter-option <key=value>', 'an option of the meter; may be repeated', settings)
    .option(
      '--processor <n>',
      'processor to measure on, counted from 0',
      processorOption,
      cpus().length - 1,
    )
    .option('--seed <n>', 'seed of the choice of networks', wholeOption, 1)
    .option('--json', 'progress and result as JSON lines')
    .addHelpText('after', NOTES)
    .action(profile);
}

async function profile(options: ProfileOptions): Promise<void> {
  const { device, most, seconds, processor, seed, json = false } = options;
  if (device !== undefined) lookUp(devices, device, 'device');
  requireOutput('--out', options.out);
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'profiling', json);
  try {
    const kernels = await loadEngine();
    const meter = await meterOf(options);
    const designs = designsToProfile(
      options.family.map((family) => spaceFrom(options.space, family)),
      options.channels,
      seed,
    );
    const found = await profileDevice({
      ...{ kernels, regressors, seed, processor, meter, learner: LEARNER, signal: stop.signal },
      designs,
      engine: engineIdentity(kernels, version()),
      measuredAt: new Date().toISOString(),
      timing: { ...THOROUGH, leastS: seconds },
      learning: { ...PROFILING, most },
      progress: ({ measured, most: all, error, slowed }) =>
        progress.update(measured / all, progressText(measured, error, slowed), { measured, error }),
    });
    const named = { ...found, device: { ...found.device, kind: device ?? found.device.kind } };
    onDisk(options.out, () => writeProfile(options.out, named));
    progress.end();
    const gap = gapIn(networksOf(named.measurements), networksOf(designs));
    process.stdout.write(json ? jsonResult(named, options.out, gap) : text(named, options, gap));
  } finally {
    progress.end();
    stop.release();
  }
}

function progressText(measured: number, error?: number, slowed?: number): string {
  if (slowed !== undefined)
    return `${slowed} networks measured again because other work slowed them`;
  const off = error === undefined ? '' : `, error ${Math.sqrt(error).toFixed(3)} of the range`;
  return `${measured} networks${off}`;
}

async function meterOf({ meter, meterOption = {} }: ProfileOptions) {
  if (meter === false) return undefined;
  return typeof meter === 'string'
    ? await openMeter(meter, meterOption, thisHost)
    : await detectMeter(thisHost);
}

function channelsOption(text: string): readonly number[] {
  const widths = text.split(',').map(Number);
  if (widths.every((width) => Number.isInteger(width) && width > 0)) return widths;
  throw new InvalidArgumentError('Expected whole numbers, with commas.');
}

function processorOption(text: string): number {
  const last = cpus().length - 1;
  const processor = Number(text);
  if (text.trim() !== '' && Number.isInteger(processor) && processor >= 0 && processor <= last) {
    return processor;
  }
  throw new InvalidArgumentError(
    `Expected the number of a processor of this machine, 0 to ${last}.`,
  );
}

function text(
  { device, measurements, meter, converged, regressors: ranked }: Profile,
  { out, space }: Pick<ProfileOptions, 'out' | 'space'>,
  gap: string | undefined,
): string {
  const latencies = measurements.map(({ p50S }) => p50S);
  const range = `${duration(Math.min(...latencies))} to ${duration(Math.max(...latencies))}`;
  const errors = TARGETS.flatMap((target) => {
    const best = ranked[target]?.[0];
    return best
      ? `  ${target.padEnd(10)} ${(100 * best.mape).toFixed(1)} % error on held-out networks (${best.regressor}, ${best.features})`
      : [];
  });
  const disturbed = disturbedOf(measurements).length;
  return [
    `${out}: ${device.kind} (${device.model}), ${measurements.length} networks, ${range}`,
    meter
      ? `energy by ${meter.kind} ${meter.id}`
      : 'no meter: energy and peak power are not measured',
    ...errors,
    ...(disturbed === 0
      ? []
      : [`Other work slowed ${disturbed} networks: measure again while the machine is idle.`]),
    ...(converged
      ? []
      : ['The errors were still falling: set --most higher to measure more networks.']),
    gap === undefined
      ? `Next: sentigon search <data> --profile ${out} --out <folder>\n`
      : `A search over the space ${space} would refuse this profile, because it ${gap}: set --most higher.\n`,
  ].join('\n');
}

function jsonResult(
  { device, measurements, meter, converged, regressors: ranked }: Profile,
  out: string,
  gap: string | undefined,
): string {
  const best = Object.fromEntries(TARGETS.map((target) => [target, ranked[target]?.[0]]));
  const disturbed = disturbedOf(measurements).length;
  return `${JSON.stringify({ profile: out, device, measured: measurements.length, disturbed, meter, converged, gap: gap ?? null, errors: best })}\n`;
}

function networksOf(designs: readonly Pick<Design, 'network'>[]): Design['network'][] {
  return designs.map(({ network }) => network);
}

/** Candidates, of which the most informative are measured. */
const MOST_DESIGNS = 1000;

/** Of each space alike; `widths` are numbers of channels; each design has one of them, in turn. */
function designsToProfile(
  spaces: readonly NetworkSpace[],
  widths: readonly number[],
  seed: number,
): readonly Design[] {
  const most = Math.floor(MOST_DESIGNS / spaces.length);
  return spaces.flatMap((space) => {
    const { rows, patch } = space;
    return familyOfSpace(space)
      .sample(space, most, seed)
      .map((point, i) => ({
        network: { point, rows, patch, width: widths[i % widths.length] as number, horizon: 1 },
      }));
  });
}
