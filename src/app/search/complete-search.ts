// Completes a search: chooses a network, writes its model file, and tests the predictions.
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { heteroscedasticLearner } from '../../engine/regression/heteroscedastic/heteroscedastic.ts';
import { mean } from '../../engine/statistics.ts';
import { deviceFacts, isLike } from '../../lab/profiler/device-facts.ts';
import { pinTo, thisHost } from '../../lab/profiler/host.ts';
import { measureNetwork } from '../../lab/profiler/measure-network.ts';
import { inputsOf } from '../../lab/search/boshnas/inputs.ts';
import type { Candidates } from '../../lab/search/contract.ts';
import { arePairs } from '../../lab/search/pairs.ts';
import { writeModel } from '../models/model-folder.ts';
import { calibrationOf } from './calibration.ts';
import { type ChosenContext, handMade, heldOutVusPr, trainChosen } from './chosen-model.ts';
import { type FinalCosts, finalCosts, ROUND } from './final-costs.ts';
import type { Choice } from './library.ts';
import { type FoundPoint, foundPoints } from './points.ts';
import type { SearchData } from './search-data.ts';
import { type ModelResult, type SearchResult, writeSearchResult } from './search-result.ts';
import type { SearchSession } from './session.ts';

const MODEL_FILE = 'model.safetensors';

export interface CompletionContext extends ChosenContext {
  readonly folder: string;
  readonly data: SearchData;
  readonly kernels: Kernels;
}

/** Writes the model, if anything is feasible, and the result. Throws as `trainChosen` and `writeModel` do. */
export async function completeSearch(
  session: SearchSession,
  context: CompletionContext,
): Promise<SearchResult> {
  const { header, library, history } = session;
  const { settings, scale } = header;
  const found = foundPoints(
    history.map(({ evaluated }) => evaluated),
    { choices: library.choices, scale, weights: settings.weights },
  );
  const { points, ...shape } = inputsOf(library.candidates, halvesOf(library.candidates));
  const learner = heteroscedasticLearner(points, shape, settings.seed);
  const model = found.chosen && (await modelOf(found.chosen, session, context));
  return writeSearchResult(context.folder, {
    ...found,
    history: history.map(({ evaluated, proposal, performances }) => ({
      candidate: evaluated.candidate,
      reason: proposal.reason,
      ...(performances.length > 0 && { performance: mean(performances) }),
    })),
    calibration: calibrationOf(points, history, (known, y) => learner.fit(known, y)),
    ...(model && { model }),
  });
}

/** The halves of pairs, which the surrogate of BOSHCODE sees apart; else the whole. */
function halvesOf(candidates: Candidates): readonly Candidates[] {
  return arePairs(candidates) ? [candidates.first, candidates.second] : [candidates];
}

async function modelOf(
  chosen: FoundPoint,
  session: SearchSession,
  context: CompletionContext,
): Promise<ModelResult> {
  const { settings } = session.header;
  const { folder, data, kernels } = context;
  const model = await trainChosen(chosen.design, settings, data, context);
  await writeModel(join(folder, MODEL_FILE), model);
  const measured = await measuredCosts(chosen, session, context);
  return {
    ...{ file: MODEL_FILE, id: model.id, kind: model.kind },
    ...(measured && {
      ...{ measured: measured.costs, load: measured.load, slowdown: measured.slowdown },
      latencyError: Math.abs(chosen.costs.p50S / measured.costs.p50S - 1),
    }),
    ...(data.heldOut && {
      heldOutVusPr: heldOutVusPr(model, data.heldOut, kernels),
      handMadeVusPr: heldOutVusPr(
        await trainChosen(handMade, settings, data, { signal: context.signal }),
        data.heldOut,
        kernels,
      ),
    }),
  };
}

/** Undefined for a device that is out of reach. */
async function measuredCosts(
  { candidate, device: kind, costs }: FoundPoint,
  { header, library, measure }: SearchSession,
  { kernels, signal }: CompletionContext,
): Promise<FinalCosts | undefined> {
  const { network, device } = library.choices[candidate] as Choice;
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
  const asked = header.settings.devices.find((one) => one.kind === kind);
  return asked?.measured ? { costs: await measure(kind, network, signal) } : undefined;
}
