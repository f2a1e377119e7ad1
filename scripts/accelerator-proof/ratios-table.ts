// Simulated accelerators beside this machine, whose times are measured: the published ratios, and ours.
import { loadavg } from 'node:os';
import { z } from 'zod';
import { ROUND } from '../../src/app/search/final-costs.ts';
import {
  agreementOf,
  measuredIn,
  onProcessor,
  type Processor,
  processorOf,
} from '../../src/app/simulate/processor.ts';
import { DEFAULT_POINT } from '../../src/detectors/networks/training/options.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { deviceFacts } from '../../src/lab/profiler/device-facts.ts';
import { devices } from '../../src/lab/profiler/devices.ts';
import { thisHost } from '../../src/lab/profiler/host.ts';
import { measureNetwork } from '../../src/lab/profiler/measure-network.ts';
import { modelledPredictor } from '../../src/lab/profiler/modelled-device.ts';
import type { ProfiledNetwork } from '../../src/lab/profiler/network.ts';
import type { Profile } from '../../src/lab/profiler/profile.ts';
import { timedInTurns } from '../../src/lab/profiler/score-time.ts';
import { timeThisMachine } from '../../src/lab/profiler/timed-machine.ts';
import { type Accelerator, presets } from '../../src/lab/simulator/accelerator.ts';
import type { Work } from '../../src/lab/simulator/lowering/graph.ts';
import {
  networkOfModel,
  networkOfShape,
  type SimulatedNetwork,
} from '../../src/lab/simulator/networks.ts';
import { priceOf } from '../../src/lab/simulator/price.ts';
import { USUAL_RULES } from '../../src/lab/simulator/simulate.ts';
import { NO_ZEROS, Zeros } from '../../src/lab/simulator/zeros.ts';
import { markdownTable } from '../markdown-table.ts';
import { BERT_TINY, bertTiny } from './bert-tiny.ts';
import type { TrainedNetworks } from './trained-networks.ts';

/** Microseconds of a window. */
const row = z.strictObject({
  network: z.string(),
  /** What the time is of, and how it is known. */
  source: z.string(),
  ...{ deviceUs: z.number(), edgeUs: z.number(), serverUs: z.number() },
  /** Of the network alone, by the processor of a profile of this machine. */
  cpuUs: z.number().optional(),
});

const agreement = z.strictObject({
  ...{ networks: z.number(), spearman: z.number(), medianError: z.number() },
  isSure: z.boolean(),
});

export const ratiosSchema = z.strictObject({
  ...{ machine: z.string(), load: z.number(), disturbed: z.boolean() },
  rows: z.array(row),
  /** How well the processor predicts networks of its profile that it was not fitted to. */
  heldOut: agreement,
  /** And those of another profile that the first one lacks. */
  others: agreement,
  /** Windows a second of BERT-Tiny on Server over those on Edge. */
  serverOverEdge: z.number(),
});

type Row = z.infer<typeof row>;
type RatiosTable = z.infer<typeof ratiosSchema>;

const ROUNDS = 8;
/** Sources of times. */
const [ALONE, MODELLED] = ['its network alone, measured here', ', modelled'];
const PIS = ['pi-zero-2-w', 'pi-4b', 'pi-5'];

/** Two profiles of this machine, the second over other networks. */
export interface Profiles {
  readonly fitted: Profile;
  readonly other: Profile;
}

/** Seconds to a minute. */
export async function ratiosTable(
  { series, forecaster, encoder, gon }: TrainedNetworks,
  kernels: Kernels,
  { fitted, other }: Profiles,
): Promise<RatiosTable> {
  const processor = processorOf(fitted, 'the profile');
  const { signal } = new AbortController();
  const models = [forecaster, encoder, gon];
  const progress = () => undefined;
  const { usPerRow, disturbed } = await timedInTurns(models, series.train, {
    ...{ kernels, signal, progress },
  });
  const scored = models.map((model, i) => ({
    network: model.kind,
    ...{ source: 'a whole score, measured here', deviceUs: usPerRow[i] as number },
    ...simulatedUs((windows) => networkOfModel(model, windows).work('inference')),
    ...cpuUs(networkOfModel(model, 1), processor),
  }));
  const width = series.train.channels.length;
  const machine = await timeThisMachine(kernels, thisHost, signal);
  const alone: Row[] = [];
  for (const [name, network] of [
    ['forecaster', { point: DEFAULT_POINT, rows: 32, patch: 4, width, horizon: 1 }],
    ['BERT-Tiny', { point: BERT_TINY, rows: 128, patch: 1, width: 1, horizon: 1 }],
  ] as const) {
    const simulated = simulatedUs((windows) =>
      networkOfShape(network, name, windows).work('inference'),
    );
    const p50S = await leastMedian(network, kernels, signal);
    const predicted = cpuUs(networkOfShape(network, name, 1), processor);
    alone.push({ network: name, source: ALONE, deviceUs: 1e6 * p50S, ...simulated, ...predicted });
    for (const kind of PIS) {
      const device = devices.get(kind);
      const [told] = device ? modelledPredictor(device, machine).predict([{ network }]) : [];
      const deviceUs = 1e6 * (told?.p50S?.mean ?? Number.NaN);
      alone.push({
        network: name,
        source: `alone on a ${kind}${MODELLED}`,
        deviceUs,
        ...simulated,
      });
    }
  }
  const [edgeS = 0, serverS = 0] = ['edge', 'server'].map((name) =>
    secondsOn(name, (windows) => bertTiny(windows, 'inference')),
  );
  return {
    machine: deviceFacts(thisHost).model,
    ...{ load: Math.round(loadavg()[0] ?? 0), disturbed },
    rows: [...scored, ...alone],
    ...{ heldOut: processor.heldOut, others: onOthers(fitted, other, processor) },
    ...{ serverOverEdge: edgeS / serverS },
  };
}

/** Of several rounds: other work can only make a network take longer. */
async function leastMedian(network: ProfiledNetwork, kernels: Kernels, signal: AbortSignal) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const tools = { kernels, host: thisHost, signal, timing: ROUND };
    const { p50S } = await measureNetwork({ network }, tools);
    least = Math.min(least, p50S);
  }
  return least;
}

function cpuUs(network: SimulatedNetwork, processor: Processor) {
  return { cpuUs: 1e6 * onProcessor(network, network.work('inference'), processor).latencyS };
}

function onOthers(fitted: Profile, other: Profile, processor: Processor) {
  const fresh = other.measurements.filter(({ network }) => !measuredIn(fitted, network));
  const predicted = fresh.map(({ network }) =>
    cpuUs(networkOfShape(network, 'a network of the profile', 1), processor),
  );
  return agreementOf(
    predicted.map((one) => one.cpuUs / 1e6),
    Float64Array.from(fresh, ({ p50S }) => p50S),
  );
}

function simulatedUs(workOf: (windows: number) => Work) {
  return { edgeUs: 1e6 * secondsOn('edge', workOf), serverUs: 1e6 * secondsOn('server', workOf) };
}

/** Of a window, of those that the accelerator takes together. */
function secondsOn(name: string, workOf: (windows: number) => Work): number {
  const accelerator = presets.get(name) as Accelerator;
  const options = { mode: 'inference', ...USUAL_RULES, zeros: new Zeros(NO_ZEROS) } as const;
  const { batch } = accelerator;
  return priceOf(workOf(batch), accelerator, batch, options).latencyS;
}

/** What Edge has of a Raspberry Pi's throughput: Tuli and Jha 2023, "AccelTran". */
const PUBLISHED_RATIO = '330,578';

export function ratiosSection(table: RatiosTable): string {
  const { machine, load, disturbed, rows, heldOut, others, serverOverEdge } = table;
  return `## Beside a processor

Published: Edge has ${PUBLISHED_RATIO} times the throughput of a Raspberry Pi and takes 93,300 times less energy; Server has 63 times that of an A100,
5.73 times what Energon has. Ours: Edge and Server simulated without zeros, four windows together, beside one core of ${machine}, measured with the engine
of the daemon, the start of a process not counted (load ${load}${disturbed ? ', other work slowed the machine: only the order of magnitude counts' : ''}). Energy was not measured. A score holds what the detector does
around its network, which no accelerator would take over. Pis are modelled from operations timed here and the table of devices, of which an
error of half is usual. \`cpu\` is the latency of the network alone by \`sentigon simulate --accelerator cpu\`, with rates fitted to a profile of
${heldOut.networks} networks of this machine, one window at a time: each of them predicted without itself has a rank correlation of ${heldOut.spearman.toFixed(2)} and a median error of
${(100 * heldOut.medianError).toFixed(1)} %, and ${others.networks} networks of a larger space, which that profile lacks, ${others.spearman.toFixed(2)} and ${(100 * others.medianError).toFixed(1)} %. Of networks measured alone, \`cpu\` is
${predictedText(rows)}; \`simulate\` says where a network has more work than any of the profile.

${markdownTable(
  ['network', 'time', 'us', 'cpu, us', 'Edge, us', 'times', 'Server, us', 'times'],
  rows.map(({ network, source, deviceUs, cpuUs: cpu, edgeUs, serverUs }) => [
    ...[network, source, times(deviceUs), cpu === undefined ? '-' : times(cpu)],
    ...[times(edgeUs), times(deviceUs / edgeUs)],
    ...[times(serverUs), times(deviceUs / serverUs)],
  ]),
)}

Of the modelled Pis, Edge has ${rangeText(rows, 'forecaster')} times the throughput on the forecaster and ${rangeText(rows, 'BERT-Tiny')} times on BERT-Tiny. The published
${PUBLISHED_RATIO} supposes half of all numbers to be 0, and another engine on the Pi. Energon is not simulated; Server has ${times(serverOverEdge)} times Edge's
throughput on BERT-Tiny.
`;
}

function times(n: number): string {
  return Number(n.toPrecision(3)).toLocaleString('en');
}

/** What the processor predicts, in parts of what was measured. */
function predictedText(rows: readonly Row[]): string {
  return rows
    .filter(({ source }) => source === ALONE)
    .flatMap(({ network, deviceUs, cpuUs: cpu }) =>
      cpu === undefined ? [] : `${times(cpu / deviceUs)} times the time of ${network}`,
    )
    .join(' and ');
}

/** The least and the greatest ratio of the modelled Pis. */
function rangeText(rows: readonly Row[], network: string): string {
  const ratios = rows
    .filter((one) => one.network === network && one.source.endsWith(MODELLED))
    .map(({ deviceUs, edgeUs }) => deviceUs / edgeUs);
  return `${times(Math.min(...ratios))} to ${times(Math.max(...ratios))}`;
}
