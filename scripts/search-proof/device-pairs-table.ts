// Every design of the proof space on every device whose cost is known: networks were trained, costs are modelled
// (scripts/proof-pairs.ts), and both are sought at once.
import { z } from 'zod';
import { deviceCandidates } from '../../src/app/search/library.ts';
import { SourceError } from '../../src/core/errors.ts';
import { extent, mean } from '../../src/engine/statistics.ts';
import type { Outcome, PairCandidates } from '../../src/lab/search/contract.ts';
import { pairsOf } from '../../src/lab/search/pairs.ts';
import type { ProofSpace } from '../../src/lab/search/proof/proof-space.ts';
import { designTable, type ProofTable } from '../../src/lab/search/proof/proof-space.ts';

const cost = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const deviceCosts = z
  .strictObject({
    command: z.string(),
    /** How they are known. */
    source: z.string(),
    devices: z.array(z.string()).min(1),
    /** Of each design on each device: seconds of one inference, joules of it, watts at most. */
    costs: z.array(z.array(cost)),
  })
  .refine(({ devices, costs }) => costs.every(({ length }) => length === devices.length), {
    message: 'expected for each design as many costs as devices',
  });

export type DeviceCosts = z.infer<typeof deviceCosts>;
export type Cost = z.infer<typeof cost>;

/** Weights of accuracy, latency, energy and peak power in EdgeTran's run_codesign.py. */
const WEIGHTS = [0.5, 0.2, 0.2, 0.1] as const;
/** Costs are parts of twice the greatest there is, as in ProTran. */
const HEADROOM = 2;

/** Throws `SourceError`, naming `name`, for anything but a file of scripts/proof-pairs.ts. */
export function readDeviceCosts(text: string, name: string): DeviceCosts {
  try {
    return deviceCosts.parse(JSON.parse(text));
  } catch (cause) {
    throw new SourceError(
      `${name} holds no costs of devices: write it with scripts/proof-pairs.ts`,
      {
        cause,
      },
    );
  }
}

/** By design and training: what the loss leaves of the range of all designs, 0 to 1. A loss has no end of its own. */
export function accuraciesOf(outcomes: readonly Outcome[]): readonly (readonly number[])[] {
  const feasible = outcomes.filter(({ values }) => values.length > 0);
  const [least, greatest] = extent(feasible.map(({ values }) => mean(values)));
  return outcomes.map(({ values }) => values.map((value) => (value - least) / (greatest - least)));
}

/**
 * .5 accuracy + .2 (1 - latency) + .2 (1 - energy) + .1 (1 - peak power). Accuracy as
 * `accuraciesOf` has it. Throws `SourceError` where there are
 * not as many costs as designs.
 */
export function devicePairsTable(
  space: ProofSpace,
  { devices, costs }: DeviceCosts,
): ProofTable<PairCandidates> {
  const designs = designTable(space, 'loss');
  const { outcomes } = designs;
  if (costs.length !== outcomes.length) {
    throw new SourceError(
      `there are costs of ${costs.length} designs, but ${outcomes.length} were trained: write them again with scripts/proof-pairs.ts`,
    );
  }
  const most = ([0, 1, 2] as const).map(
    (k) => HEADROOM * Math.max(...costs.flat().map((each) => each[k])),
  );
  const left = (each: Cost): number =>
    each.reduce((sum, value, k) => {
      const weight = WEIGHTS[k + 1] as number;
      return sum + weight * (1 - value / (most[k] as number));
    }, 0);
  return {
    name: 'pairs',
    unit: 'performance',
    outcomes: accuraciesOf(outcomes).flatMap((accuracies, design) =>
      (costs[design] ?? []).map((each, device) => ({
        candidate: design * devices.length + device,
        values: accuracies.map((accuracy) => WEIGHTS[0] * accuracy + left(each)),
      })),
    ),
    candidates: (embedding) =>
      pairsOf(designs.candidates(embedding), deviceCandidates(devices.length)),
  };
}
