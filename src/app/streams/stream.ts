// A configured stream with its source made and, where there is one, its model read and compared: all that can fail
// before anything runs fails here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import type { BrokerOptions } from '../../io/mqtt-options.ts';
import type { Model } from '../../models/model.ts';
import { composeSource } from '../compose.ts';
import type { Config, StreamConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { readModel } from '../model-folder.ts';
import type { Kinds } from '../plugins/kinds.ts';
import { inOrderOf } from './channels.ts';

export interface Stream {
  readonly id: string;
  readonly config: StreamConfig;
  readonly source: Source;
  /** What can be chosen from, plug-ins included. */
  readonly kinds: Kinds;
  /** Absent when the stream has to learn first. */
  readonly model: Model | undefined;
  /** Where a learnt model is kept. */
  readonly learntPath: string;
  /** Folder of the models that were learnt. */
  readonly archivePath: string;
  /** Folder of what was learnt since training, by model. */
  readonly memoryPath: string;
  /** Folder of rows for the next training. */
  readonly rowsPath: string;
  /** Empty while neither source nor model tell. */
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
  const learntPath = join(state, 'models', `${id}.safetensors`);
  const model = config.model
    ? await modelFor(source, config.model, id)
    : await learntModel(source, learntPath, id, log);
  return {
    id,
    config,
    source,
    kinds,
    model,
    learntPath,
    archivePath: join(state, 'models', id),
    memoryPath: join(state, 'thresholds', id),
    rowsPath: join(state, 'rows', id),
    channels: model?.channels ?? source.channels,
  };
}

async function modelFor(source: Source, path: string, streamId: string): Promise<Model> {
  const model = await readModel(path);
  inOrderOf(model, source, streamId);
  return model;
}

/** Our own work: where it no longer fits, e.g. because a disk was added, it is learnt again. */
async function learntModel(
  source: Source,
  path: string,
  streamId: string,
  log: Log,
): Promise<Model | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return await modelFor(source, path, streamId);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    log.warn({ streamId, model: path }, `learnt model is of no use any more: ${error.message}`);
    return undefined;
  }
}
