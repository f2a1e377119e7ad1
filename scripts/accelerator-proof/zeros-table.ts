// The zeros that trained networks really have, on Edge and on one element of it: counted by chance and where they are, with
// thresholds, narrowed, and in training.
import { z } from 'zod';
import { readDesign } from '../../src/detectors/detector-plugin.ts';
import { forecasterDesign } from '../../src/detectors/networks/forecast.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { vus } from '../../src/lab/evaluation/metrics.ts';
import { deploy } from '../../src/lab/judging/deployment.ts';
import { presets, type TiledAccelerator } from '../../src/lab/simulator/accelerator.ts';
import { windowsOf } from '../../src/lab/simulator/model-zeros.ts';
import { networkOfModel } from '../../src/lab/simulator/networks.ts';
import { type SimulationOptions, simulate, USUAL_RULES } from '../../src/lab/simulator/simulate.ts';
import { LANE_MODELS } from '../../src/lab/simulator/tiles.ts';
import { NO_ZEROS, type Shares, Zeros } from '../../src/lab/simulator/zeros.ts';
import type { Model } from '../../src/models/model.ts';
import { trainingSharesSchema } from '../../src/models/pruning.ts';
import { markdownTable } from '../markdown-table.ts';
import type { TrainedNetworks } from './trained-networks.ts';

const row = z.strictObject({
  ...{ network: z.string(), zeros: z.string() },
  /** Share of the multiplications. */
  made: z.number(),
  /** On one element, by the model of a lane. */
  cycles: z.array(z.number()).length(LANE_MODELS.length),
  ...{ dynamicJ: z.number(), edgeCycles: z.number() },
});

export const zerosSchema = z.strictObject({
  /** Of the models on host-faults. */
  vusPr: z.record(z.string(), z.number()),
  inference: z.array(row).readonly(),
  training: z.array(row).readonly(),
  /** What the training with DynaProp multiplied, of all that its products have. */
  made: trainingSharesSchema,
});

type Row = z.infer<typeof row>;
type ZerosTable = z.infer<typeof zerosSchema>;

const edge = presets.get('edge') as TiledAccelerator;
/** Where multiplications take most of the time; Edge has 64 such elements for a network of 20,000 weights. */
const one: TiledAccelerator = {
  ...edge,
  name: 'one element of Edge',
  ...{ elements: 1, softmaxUnits: 1, bufferMb: { activation: 1, weight: 1, mask: 0.25 } },
};

export function zerosTable(networks: TrainedNetworks, kernels: Kernels): ZerosTable {
  const { forecaster, dynatran, columns, modegpt, both, dynaprop } = networks;
  const named: readonly (readonly [string, Model])[] = [
    ['forecaster', forecaster],
    ['DynaTran, half of the elements', dynatran],
    ['DynaTran, half of the columns', columns],
    ['MoDeGPT, .3 fewer weights', modegpt],
    ['MoDeGPT, then DynaTran', both],
    ['trained with DynaProp', dynaprop],
  ];
  const vusPr = named.map(([name, model]) => {
    const { scores } = deploy(networks.series, model, kernels);
    return [name, vus(networks.series.labels, scores)?.pr ?? Number.NaN];
  });
  return {
    vusPr: Object.fromEntries(vusPr),
    inference: named.flatMap(([name, model]) => scoringRows(name, model, networks, kernels)),
    training: trainingRows(networks),
    made: readDesign(forecasterDesign, dynaprop).forecaster.trained ?? { forward: 1, back: 1 },
  };
}

/** Dense, and with the zeros of four windows by their shares and by their places. */
function scoringRows(
  name: string,
  model: Model,
  { series }: TrainedNetworks,
  kernels: Kernels,
): readonly Row[] {
  const network = networkOfModel(model, edge.batch);
  const work = network.work('inference');
  const values = network.values?.(windowsOf(series.train, model, edge.batch), kernels);
  const all: readonly (readonly [string, Zeros])[] = [
    ['none', new Zeros(NO_ZEROS)],
    ['expected of their shares', new Zeros(NO_ZEROS, values, { arePlaced: false })],
    ['where they are', new Zeros(NO_ZEROS, values)],
  ];
  return all.map(([zeros, of]) => rowOf({ network: name, zeros }, work, 'inference', of));
}

function trainingRows({ forecaster, dynaprop }: TrainedNetworks): readonly Row[] {
  const { trainingShares: shares = NO_ZEROS } = networkOfModel(dynaprop, edge.batch);
  const rows: readonly (readonly [string, Model, string, Shares])[] = [
    ['forecaster', forecaster, 'none', NO_ZEROS],
    ['DynaProp', dynaprop, 'none', NO_ZEROS],
    ['DynaProp', dynaprop, 'as counted in its training', shares],
  ];
  return rows.map(([network, model, zeros, of]) => {
    const work = networkOfModel(model, edge.batch).work('training');
    return rowOf({ network, zeros }, work, 'training', new Zeros(of));
  });
}

function rowOf(
  names: Pick<Row, 'network' | 'zeros'>,
  work: Parameters<typeof simulate>[0],
  mode: SimulationOptions['mode'],
  zeros: Zeros,
): Row {
  const options = { mode, ...USUAL_RULES, zeros };
  const { macs, laneCycles, energy } = simulate(work, one, options);
  return {
    ...names,
    made: macs.issued / macs.all,
    cycles: LANE_MODELS.map((lanes) => laneCycles[lanes]),
    dynamicJ: energy.dynamicJ,
    edgeCycles: simulate(work, edge, options).cycles,
  };
}

export function zerosSection({ vusPr, inference, training, made: ofAll }: ZerosTable): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const cells = ({ zeros, made, cycles, dynamicJ, edgeCycles }: Row): string[] => [
    ...[zeros, percent(made)],
    ...[...cycles, edgeCycles].map((n) => n.toLocaleString('en')),
    (1e6 * dynamicJ).toFixed(3),
  ];
  const head = ['zeros', 'multiplied', ...LANE_MODELS, 'on Edge', 'uJ'];
  return `## Zeros of trained networks

The default forecaster trained on host-faults (27 channels, seed 1), what \`sentigon compress\` makes of it, and one trained with DynaProp.
Zeros are those of four windows of the recording: none, their shares placed by chance, or where they are. Cycles and energy of four windows
on one element of Edge by the model of a lane, and on the whole of Edge by window-32.

${markdownTable(
  ['network', 'VUS-PR', ...head],
  inference.map((each) => [each.network, (vusPr[each.network] ?? 0).toFixed(3), ...cells(each)]),
)}

Training, forward and back, of four windows. Of what its products would multiply, the training with DynaProp made
${percent(ofAll.forward)} forward and ${percent(ofAll.back)} back, its dense start included: counted by the engine. Products of attention are among them and stay dense;
the simulator spreads the zeros over all products alike.

${markdownTable(
  ['network', ...head],
  training.map((each) => [each.network, ...cells(each)]),
)}
`;
}
