// A configured stream with its source made and, where there is one, its model read and compared: all that can fail
// before anything runs fails here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError, ShapeError, StoreError, WeightsError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { requireLimited } from '../../detection/alerts/limits.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import type { Config, StreamConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { isArchive, newestIntact } from '../models/model-archive.ts';
import { keepModel, readModel } from '../models/model-folder.ts';
import type { Kinds } from '../plugins/kinds.ts';
import { inOrderOf, learntPart } from './channels.ts';
import { composeSource } from './compose.ts';

export interface Stream {
  readonly id: string;
  readonly config: StreamConfig;
  readonly source: Source;
  /** What can be chosen from, plug-ins included. */
  readonly kinds: Kinds;
  /** Absent when the stream has to learn first. */
  readonly model: Model | undefined;
  /** What was wrong with the model it had learnt; absent = nothing. */
  readonly modelFault?: string | undefined;
  /** Where a learnt model is kept. */
  readonly learntPath: string;
  /** Folder of the models that were learnt. */
  readonly archivePath: string;
  /** Folder of what was learnt since training, by model. */
  readonly memoryPath: string;
  /** Folder of rows for the next training. */
  readonly rowsPath: string;
  /** As they are watched. Empty while neither source nor model tell. */
  readonly channels: readonly Channel[];
}

/** Throws `ShapeError` when a source and its model differ, and what sources and models throw. */
export async function openStream(
  config: StreamConfig,
  { state, kinds }: Pick<Config, 'state' | 'kinds'>,
  broker: BrokerOptions | undefined,
  log: Log,
): Promise<Stream> {
  const { id } = config;
  const source = composeSource(config, kinds, broker, log);
  if (source.channels.length > 0)
    requireLimited(config.alerts.limits, { streamId: id, channels: source.channels });
  const learntPath = join(state, 'models', `${id}.safetensors`);
  const archivePath = join(state, 'models', id);
  const found: Found = config.model
    ? { model: await modelFor(source, config.model, id), modelFault: undefined }
    : await learntModel({ id, source, learntPath, archivePath }, undefined, log);
  return {
    id,
    config,
    source,
    kinds,
    ...found,
    learntPath,
    archivePath,
    memoryPath: join(state, 'thresholds', id),
    rowsPath: join(state, 'rows', id),
    channels: found.model ? watchedChannels(found.model) : learntPart(source).channels,
  };
}

/** A stream that runs again: with what its folder holds by now, or else what it has in memory. Reports as `openStream`. */
export async function withModelOfNow(stream: Stream, log: Log): Promise<Stream> {
  if (stream.config.model !== undefined) return stream;
  return { ...stream, ...(await learntModel(stream, stream.model, log)) };
}

async function modelFor(source: Source, path: string, streamId: string): Promise<Model> {
  const model = await readModel(path);
  inOrderOf(model, source, streamId);
  return model;
}

type Places = Pick<Stream, 'id' | 'source' | 'learntPath' | 'archivePath'>;
type Found = Pick<Stream, 'model' | 'modelFault'>;

/**
 * Our own work: where it no longer fits, e.g. because a disk was added, it is learnt again. Where the file is damaged or
 * gone, the newest intact copy takes its place.
 */
async function learntModel(places: Places, inMemory: Model | undefined, log: Log): Promise<Found> {
  const { id, source, learntPath, archivePath } = places;
  if (!existsSync(learntPath) && !isArchive(archivePath) && !inMemory) {
    return { model: undefined, modelFault: undefined };
  }
  try {
    return { model: await modelFor(source, learntPath, id), modelFault: undefined };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const copy = error instanceof WeightsError ? await copyOf(places, inMemory) : undefined;
    if (copy) {
      await putBack(copy, places, log);
      const fault = `${error.message}: its copy ${copy.id} is used instead; check the disk`;
      return { model: copy, modelFault: `stream '${id}': ${fault}` };
    }
    const fault = `its trained model cannot be used any more: ${error.message}`;
    return {
      model: undefined,
      modelFault: `stream '${id}' learns again and is not watched until that is done: ${fault}`,
    };
  }
}

async function copyOf(
  { id, source, archivePath }: Places,
  inMemory: Model | undefined,
): Promise<Model | undefined> {
  const copy = (await newestIntact(archivePath)) ?? inMemory;
  try {
    if (copy) inOrderOf(copy, source, id);
    return copy;
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

async function putBack(copy: Model, { id: streamId, learntPath }: Places, log: Log): Promise<void> {
  try {
    await keepModel(learntPath, copy);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.warn(
      { streamId, model: copy.id },
      `the copy of the model could not be restored: ${error.message}`,
    );
  }
}
