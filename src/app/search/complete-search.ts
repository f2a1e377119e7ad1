// Completes a search: tests its predictions, writes its result, and the model of the network that it chose.
import { join } from 'node:path';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { mean } from '../../engine/statistics.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { writeModel } from '../models/model-folder.ts';
import { surrogatePredictions } from './calibration.ts';
import type { ChosenContext } from './chosen-model.ts';
import type { SearchDevice } from './devices.ts';
import { fullModel } from './full-model.ts';
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

/** Writes the model, if one network was chosen, and the result. Throws as `fullModel` and `writeModel` do. */
export async function completeSearch(
  session: SearchSession,
  context: CompletionContext,
): Promise<SearchResult> {
  const { header, library, history } = session;
  const { settings, scale } = header;
  const { weights, limits, objectives } = settings;
  const found = foundPoints(
    history.map(({ evaluated }) => evaluated),
    { choices: library.choices, scale, weights, limits, objectives },
  );
  const model = found.chosen && (await modelOf(found.chosen, session, context));
  return writeSearchResult(context.folder, {
    ...found,
    ...(objectives && { objectives }),
    history: history.map(({ evaluated, proposal, values, hypervolume }) => ({
      candidate: evaluated.candidate,
      reason: proposal.reason,
      ...(!objectives && values.length > 0 && { performance: mean(values) }),
      hypervolume,
    })),
    calibration: surrogatePredictions(library.candidates, history, settings.seed),
    ...(model && { model }),
  });
}

async function modelOf(
  chosen: FoundPoint,
  { header: { settings, scale }, library, measure }: SearchSession,
  { folder, ...context }: CompletionContext,
): Promise<ModelResult> {
  const { device } = library.choices[chosen.candidate] as Choice;
  const { model, figures } = await fullModel(chosen, {
    ...context,
    ...{ settings, scale, device, measure },
  });
  await writeModel(join(folder, MODEL_FILE), model);
  writeAccelerator(join(folder, 'accelerator.json'), device);
  return { file: MODEL_FILE, ...figures };
}

/** For `sentigon simulate`; nothing for what is no accelerator. */
export function writeAccelerator(path: string, { accelerator }: SearchDevice): void {
  if (accelerator) writeWhole(path, `${JSON.stringify(accelerator, undefined, 2)}\n`);
}
