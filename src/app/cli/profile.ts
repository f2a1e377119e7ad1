// `sentigon profile`: what networks cost on this machine.
import { cpus } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { lookUp } from '../../core/registry.ts';
import { devices } from '../../lab/profiler/devices/index.ts';
import { disturbedOf } from '../../lab/profiler/disturbed.ts';
import { engineIdentity } from '../../lab/profiler/engine-identity.ts';
import { thisHost } from '../../lab/profiler/host.ts';
import { detectMeter, meters, openMeter } from '../../lab/profiler/meters/index.ts';
import { type Profile, TARGETS, writeProfile } from '../../lab/profiler/profile.ts';
import { PROFILING, profileDevice } from '../../lab/profiler/profile-device.ts';
import { LEARNER, regressors } from '../../lab/profiler/regressors.ts';
import { THOROUGH } from '../../lab/profiler/timing.ts';
import { namedSpaces } from '../../lab/search/design-space/space.ts';
import { loadEngine } from '../../models/load-engine.ts';
import { listenForStop } from '../process/signals.ts';
import { duration } from '../search/costs.ts';
import { designsToProfile } from '../search/profile-designs.ts';
import { spaceFrom } from '../search/space-choice.ts';
import { version } from '../version.ts';
import { numberOption, settings, wholeOption } from './options.ts';
import { createProgress } from './progress.ts';

interface ProfileOptions {
  readonly out: string;
  readonly device?: string;
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
Leave the machine alone meanwhile. Those networks are measured that tell most of all others, until what is foretold of
networks held out is some tenth off, or --most is reached. Energy and peak power are measured where there is a meter:
${[...meters.values()].map(({ kind, summary }) => `  ${kind}: ${summary}`).join('\n')}
What foretells best of networks held out, each quantity by itself, is then chosen of:
${[...regressors.values()].map(({ kind, summary }) => `  ${kind}: ${summary}`).join('\n')}
A profile is good for one device and one version of the engine; sentigon search takes several.

Example:
  $ sentigon profile --out pi4.json
  $ sentigon profile --out pi4.json --meter csv-log --meter-option path=power.csv`;

export function profileCommand(): Command {
  return new Command('profile')
    .description('Measure what networks cost on this machine, so that a search can foretell it.')
    .requiredOption('-o, --out <file>', 'profile to write (JSON)')
    .option(
      '--device <kind>',
      `what this machine is (default: as it says): ${[...devices.keys()].join(', ')}`,
    )
    .option(
      '--space <name>',
      `of which networks: ${[...namedSpaces.keys()].join(', ')}, or a .json file`,
      'proof',
    )
    .option('--channels <n>', 'channels of the series, with commas', channelsOption, [8, 16, 32])
    .option('--most <n>', 'networks to measure, at most', wholeOption, PROFILING.most)
    .option('--seconds <s>', 'how long each is measured', numberOption, THOROUGH.leastS)
    .option('--meter <kind>', 'a kind of meter (default: the first that is found)')
    .option('--no-meter', 'measure no energy')
    .option('--meter-option <key=value>', 'an option of the meter; may be repeated', settings)
    .option('--processor <n>', 'to measure on, from 0', processorOption, cpus().length - 1)
    .option('--seed <n>', 'of what is measured', wholeOption, 1)
    .option('--json', 'progress and result as JSON lines')
    .addHelpText('after', NOTES)
    .action(profile);
}

async function profile(options: ProfileOptions): Promise<void> {
  const { device, most, seconds, processor, seed, json = false } = options;
  if (device !== undefined) lookUp(devices, device, 'device');
  const stop = listenForStop();
  const progress = createProgress(json ? process.stdout : process.stderr, 'profiling', json);
  try {
    const kernels = await loadEngine();
    const meter = await meterOf(options);
    const found = await profileDevice({
      ...{ kernels, regressors, seed, processor, meter, learner: LEARNER, signal: stop.signal },
      designs: designsToProfile(spaceFrom(options.space), options.channels, seed),
      engine: engineIdentity(kernels, version()),
      measuredAt: new Date().toISOString(),
      timing: { ...THOROUGH, leastS: seconds },
      learning: { ...PROFILING, most },
      progress: ({ measured, most: all, error, slowed }) =>
        progress.update(measured / all, progressText(measured, error, slowed), { measured, error }),
    });
    const named = { ...found, device: { ...found.device, kind: device ?? found.device.kind } };
    writeProfile(options.out, named);
    progress.end();
    process.stdout.write(json ? jsonResult(named, options.out) : text(named, options.out));
  } finally {
    progress.end();
    stop.release();
  }
}

function progressText(measured: number, error?: number, slowed?: number): string {
  if (slowed !== undefined) return `${slowed} networks again, which other work slowed`;
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
  out: string,
): string {
  const latencies = measurements.map(({ p50S }) => p50S);
  const range = `${duration(Math.min(...latencies))} to ${duration(Math.max(...latencies))}`;
  const errors = TARGETS.flatMap((target) => {
    const best = ranked[target]?.[0];
    return best
      ? `  ${target.padEnd(10)} ${(100 * best.mape).toFixed(1)} % off on networks held out (${best.regressor}, ${best.features})`
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
      : [`Other work slowed ${disturbed} networks: leave the machine alone and measure again.`]),
    ...(converged ? [] : ['The errors had not come to rest: --most lets it measure more.']),
    `Next: sentigon search <data> --profile ${out} --out <folder>\n`,
  ].join('\n');
}

function jsonResult(
  { device, measurements, meter, converged, regressors: ranked }: Profile,
  out: string,
): string {
  const best = Object.fromEntries(TARGETS.map((target) => [target, ranked[target]?.[0]]));
  const disturbed = disturbedOf(measurements).length;
  return `${JSON.stringify({ profile: out, device, measured: measurements.length, disturbed, meter, converged, errors: best })}\n`;
}
