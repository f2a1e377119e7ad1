// Trains a network of a search in full, measures it, and judges it on events that judged no candidate.
import { cpus } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { deviceFacts, isLike } from '../../lab/profiler/device-facts.ts';
import { pinTo, thisHost } from '../../lab/profiler/host.ts';
import { measureNetwork } from '../../lab/profiler/measure-network.ts';
import type { ProfiledNetwork } from '../../lab/profiler/network.ts';
import { familyOfSpace } from '../../lab/search/families/index.ts';
import { MEMORIES } from '../../lab/simulator/modules.ts';
import type { Model } from '../../models/model.ts';
import { type ChosenContext, heldOutVusPr, trainChosen } from './chosen-model.ts';
import type { Scale } from './costs.ts';
import type { SearchDevice } from './devices.ts';
import type { Evaluator } from './evaluator.ts';
import { type FinalCosts, finalCosts, ROUND } from './final-costs.ts';
import { handMadePair } from './hand-made-pair.ts';
import type { FoundPoint } from './points.ts';
import type { SearchData } from './search-data.ts';
import type { ModelResult } from './search-result.ts';
import type { SearchSettings } from './settings.ts';
import { type CodesignSettings, costsOfTrained, isCodesign } from './simulated-costs.ts';

export interface FullModelContext extends ChosenContext {
  readonly settings: SearchSettings;
  readonly scale: Scale;
  readonly data: SearchData;
  readonly kernels: Kernels;
  /** Of the point. */
  readonly device: SearchDevice;
  readonly measure: Evaluator['measure'];
}

export interface FullModel {
  readonly model: Model;
  readonly figures: Omit<ModelResult, 'file'>;
}

/** Writes nothing. Throws as `trainChosen` does. */
export async function fullModel(point: FoundPoint, context: FullModelContext): Promise<FullModel> {
  const { settings, data, kernels, device, signal } = context;
  const model = await trainChosen(point.design, settings, data, context);
  const measured = await measuredCosts(point, context);
  const simulated =
    isCodesign(settings) && costsOfTrained(model, device, settings, { train: data.train, kernels });
  const figures = {
    ...{ id: model.id, kind: model.kind },
    ...(measured && {
      ...{ measured: measured.costs, load: measured.load, slowdown: measured.slowdown },
      latencyError: Math.abs(point.costs.p50S / measured.costs.p50S - 1),
    }),
    ...(simulated && { simulated }),
    ...(device.accelerator && { leavesOut: MEMORIES[device.accelerator.memory].leavesOut }),
    ...(data.heldOut && {
      heldOutVusPr: heldOutVusPr(model, data.heldOut, kernels),
      handMadeVusPr: heldOutVusPr(
        await trainChosen(familyOfSpace(settings.space).handMade, settings, data, { signal }),
        data.heldOut,
        kernels,
      ),
    }),
    ...(isCodesign(settings) && { handMadePair: await pairOfHand(settings, context) }),
  };
  return { model, figures };
}

function pairOfHand(settings: CodesignSettings, { scale, data, signal }: FullModelContext) {
  return handMadePair(settings, scale, data.train.channels.length, async () => {
    await setImmediate();
    signal.throwIfAborted();
  });
}

/** Undefined for a device that is out of reach. */
async function measuredCosts(
  { design, device: kind, costs }: FoundPoint,
  { settings, data, kernels, device, measure, signal }: FullModelContext,
): Promise<FinalCosts | undefined> {
  const { rows, patch } = settings.space;
  const width = data.train.channels.length;
  const network: ProfiledNetwork = { point: design, rows, patch, width, horizon: 1 };
  const { profile } = device;
  const here = deviceFacts(thisHost);
  if (profile ? isLike(profile.device, here) : kind === here.kind) {
    // The main thread is idle now, and can be held on one processor, as for a profile.
    const processor = cpus().length - 1;
    const unpin = await pinTo(processor, thisHost);
    const pinnedTo = unpin ? processor : undefined;
    const tools = { kernels, host: thisHost, signal, pinnedTo, timing: ROUND };
    try {
      return await finalCosts(network, profile?.measurements ?? [], costs.p50S, (one) =>
        measureNetwork({ network: one }, tools),
      );
    } finally {
      await unpin?.();
    }
  }
  const asked = settings.devices.find((one) => one.kind === kind);
  return asked?.measured ? { costs: await measure(kind, network, signal) } : undefined;
}
