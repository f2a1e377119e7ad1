// The models that a stream has learnt, and what is kept with each.
import { rmSync, statSync } from 'node:fs';
import type { Model } from '../../models/model.ts';
import type { Stream } from '../compose/stream.ts';
import { type ModelArchive, openArchive } from '../models/model-archive.ts';
import type { Watch } from './watch-context.ts';

/** undefined = the model is a file of the user, or the archive cannot be written. */
export async function archiveOf(
  { id, config, archivePath, learntPath, memoryPath }: Stream,
  model: Model,
  { log }: Pick<Watch, 'log'>,
): Promise<ModelArchive | undefined> {
  if (config.model !== undefined) return undefined;
  const forget = (modelId: string): void => {
    for (const end of ['json', 'drift.json']) {
      rmSync(`${memoryPath}/${modelId}.${end}`, { force: true });
    }
  };
  const most = config.retrain.keepModels;
  const setup = { folder: archivePath, livePath: learntPath, most, forget };
  try {
    return await openArchive(setup, model, statSync(learntPath).mtime.toISOString());
  } catch (error) {
    // a KnownError, or an error of the file system: the stream is watched without an archive
    log.warn({ streamId: id }, `models are not kept: ${(error as Error).message}`);
    return undefined;
  }
}
