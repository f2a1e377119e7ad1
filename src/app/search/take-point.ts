// Takes a point of the front of a finished search: its network is trained in full, measured, and becomes a model file.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, SourceError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import type { TrainingProgress } from '../../detectors/training/trainer.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import { writeModel } from '../models/model-folder.ts';
import { writeAccelerator } from './complete-search.ts';
import { searchDevices } from './devices.ts';
import { fullModel } from './full-model.ts';
import { readJournal } from './journal.ts';
import { type FoundPoint, numberOf } from './points.ts';
import { jsonOf, type ModelResult, pointSchema, readSearchResult } from './search-result.ts';
import { evaluatorFor, requireSame, type SessionContext } from './session.ts';
import { deviceNamed, isCodesign } from './simulated-costs.ts';

const FORMAT = 'sentigon-taken/1';

/** A point that was taken, kept beside its model. */
export interface Taken {
  readonly format: typeof FORMAT;
  /** Number of its first evaluation, from 1 on. */
  readonly number: number;
  readonly point: FoundPoint;
  readonly model: ModelResult;
}

export interface TakeContext extends Omit<SessionContext, 'onTold' | 'onLevel' | 'onProgress'> {
  readonly kernels: Kernels;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Writes `model-N.safetensors` and its figures once all of it is done. Throws `ConfigError` for a number that names no point of
 * the front and for another engine, `SourceError` for a search that has not come to its end and for data that have changed,
 * and as `fullModel` and `writeModel` do.
 */
export async function takePoint(number: number, context: TakeContext): Promise<Taken> {
  const { folder, engine } = context;
  const point = pointOnFront(folder, number);
  const { header } = readJournal(folder);
  const { settings, startedAt, scale } = header;
  requireSame(header, context);
  const asked = settings.devices.filter(({ kind }) => kind === point.device);
  const [device] = isCodesign(settings)
    ? [deviceNamed(settings, point.device)]
    : searchDevices(asked, folder, engine);
  if (!device) {
    throw new SourceError(
      `the result in ${folder} has a point on ${point.device}, which is no device of the search: start a new one`,
      { code: 'SEN_SRC_SEARCH_FOLDER' },
    );
  }
  const { measure } = evaluatorFor(settings, startedAt, context);
  const { model, figures } = await fullModel(point, {
    ...context,
    ...{ settings, scale, device, measure },
  });
  const file = `model-${number}.safetensors`;
  await writeModel(join(folder, file), model);
  writeAccelerator(join(folder, `accelerator-${number}.json`), device);
  const taken: Taken = { format: FORMAT, number, point, model: { file, ...figures } };
  const path = join(folder, `taken-${number}.json`);
  writeWhole(path, `${JSON.stringify(taken, undefined, 1)}\n`);
  return taken;
}

/** A point has a number for each of its evaluations; the first names it. */
function pointOnFront(folder: string, number: number): FoundPoint {
  const front = readSearchResult(folder).points.filter(({ onFront }) => onFront);
  const point = front.find((one) => numberOf(one) === number);
  if (point) return point;
  const numbers = front.map(numberOf).sort((a, b) => a - b);
  throw new ConfigError(
    front.length > 0
      ? `evaluation ${number} is not on the front of ${folder}: take one of ${numbers.join(', ')}`
      : `the search in ${folder} found nothing that is feasible: there is no point to take`,
    { code: 'SEN_CFG_SEARCH_TAKE' },
  );
}

/** By their numbers. Throws `SourceError` for a file that is something else. */
export function readTaken(folder: string): readonly Taken[] {
  return readdirSync(folder)
    .filter((file) => /^taken-\d+\.json$/.test(file))
    .map((file) => takenFrom(join(folder, file)))
    .sort((a, b) => a.number - b.number);
}

const takenSchema = z.looseObject({
  ...{ format: z.literal(FORMAT), number: z.int().positive(), point: pointSchema },
  model: z.looseObject({ file: z.string(), id: z.string(), kind: z.string() }),
});

function takenFrom(path: string): Taken {
  const refused = (why: string, cause: unknown): SourceError =>
    new SourceError(`${path} holds no point that was taken${why}: take it again, or remove it`, {
      code: 'SEN_SRC_SEARCH_FOLDER',
      cause,
    });
  const json = jsonOf(path, refused);
  const parsed = takenSchema.safeParse(json);
  if (parsed.success) return parsed.data as unknown as Taken; // our own file
  const [fault] = faultTexts(parsed.error, json, { whole: 'the file' });
  throw refused(` (${fault})`, parsed.error);
}
