// Model files on disk: read whole, written so that a power cut leaves the old file or the new one, never half of one.
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WeightsError } from '../../core/errors.ts';
import { readWhole, whyUnread } from '../../io/files/whole-file.ts';
import { cannotWrite, makeFolder } from '../../io/files/written-file.ts';
import type { Model } from '../../models/model.ts';
import { decodeModel, encodeModel } from '../../models/model-file.ts';

/** Models have kilobytes to a few megabytes; this is half the memory of the smallest device, a Pi Zero 2 W. */
export const MOST_MODEL_BYTES = 256 * 1024 * 1024;

/** Throws `WeightsError` naming the file. */
export async function readModel(path: string): Promise<Model> {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(path, MOST_MODEL_BYTES);
  } catch (cause) {
    throw new WeightsError(
      `model ${path} ${whyUnread(cause)}: train one with 'sentigon train data.csv --out ${path}'`,
      { code: 'SEN_WGT_UNREADABLE', cause },
    );
  }
  return await decodeModel(bytes, path);
}

export async function writeModel(path: string, model: Model): Promise<void> {
  await writeDurably(path, await encodeModel(model));
}

/** As `writeModel`, and makes its folder where there is none. */
export async function keepModel(path: string, model: Model): Promise<void> {
  makeFolder(dirname(path));
  await writeModel(path, model);
}

/** Throws `StoreError` naming the file; it is the old one then. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cannotWrite(path, cause);
  }
}
