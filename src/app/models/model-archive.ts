// The last models of a stream. The live one is the file that a starting daemon reads; all have a copy in a folder with a
// manifest, which follows: after a power cut between the two the live file is right.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, WeightsError } from '../../core/errors.ts';
import type { Model } from '../../models/model.ts';
import { kept, type ModelRecord, readManifest, withLive } from './manifest.ts';
import { readModel, writeDurably, writeModel } from './model-folder.ts';

export interface ModelArchive {
  /** Oldest first; exactly one is live. */
  records(): readonly ModelRecord[];
  /** Makes a model the live one. On the disk when it resolves. */
  admit(model: Model, record: NewRecord): Promise<ModelRecord>;
  /** Keeps a model beside, with what speaks against it. The live one stays as it is. */
  reject(model: Model, record: Rejection): Promise<ModelRecord>;
  /** The model to go back to: the one of that id, or the previous one. Throws `ConfigError` when there is none. */
  find(id?: string): Promise<Model>;
  /** Makes a kept model the live one; the one that was is rejected. */
  restore(model: Model): Promise<ModelRecord>;
}

export type NewRecord = Omit<ModelRecord, 'id' | 'rows' | 'standing'>;
export type Rejection = NewRecord & { readonly reason: string };

export interface ArchiveSetup {
  readonly folder: string;
  /** File of the live model. */
  readonly livePath: string;
  /** Models to keep. */
  readonly most: number;
  /** Called with the id of a model that is no longer kept. */
  readonly forget: (modelId: string) => void;
}

/** `live` is what the live file holds, with the time of its training. Throws `StoreError`. */
export async function openArchive(
  setup: ArchiveSetup,
  live: Model,
  trainedAt: string,
): Promise<ModelArchive> {
  const archive = new Archive(setup);
  await archive.begin(live, trainedAt);
  return archive;
}

const MANIFEST = 'manifest.json';

/** Whether models of a stream were ever kept there. */
export function isArchive(folder: string): boolean {
  return existsSync(join(folder, MANIFEST));
}

/** Of the copies the live one, else the newest of those that were live before. undefined where none is intact. */
export async function newestIntact(folder: string): Promise<Model | undefined> {
  const records = readManifest(join(folder, MANIFEST));
  const live = records.filter(({ standing }) => standing === 'live');
  const previous = records.filter(({ standing }) => standing === 'previous').reverse();
  for (const { id } of [...live, ...previous]) {
    const copy = await intact(pathIn(folder, id));
    if (copy) return copy;
  }
  return undefined;
}

async function intact(path: string): Promise<Model | undefined> {
  try {
    return await readModel(path);
  } catch (error) {
    if (error instanceof WeightsError) return undefined;
    throw error;
  }
}

function pathIn(folder: string, id: string): string {
  return join(folder, `${id}.safetensors`);
}

class Archive implements ModelArchive {
  readonly #setup: ArchiveSetup;
  #records: readonly ModelRecord[];

  constructor(setup: ArchiveSetup) {
    this.#setup = setup;
    this.#records = readManifest(join(setup.folder, MANIFEST));
  }

  async begin(live: Model, trainedAt: string): Promise<void> {
    const known = this.#records.find(({ id }) => id === live.id);
    if (known?.standing === 'live' && (await intact(this.#pathOf(live.id)))) return;
    await this.#keep(live);
    const first = described(live, { trainedAt, why: 'first' });
    await this.#write(withLive(this.#records, known ?? first));
  }

  records(): readonly ModelRecord[] {
    return this.#records;
  }

  async admit(model: Model, record: NewRecord): Promise<ModelRecord> {
    await this.#keep(model);
    await writeModel(this.#setup.livePath, model);
    return this.#write(withLive(this.#records, described(model, record)));
  }

  async reject(model: Model, record: Rejection): Promise<ModelRecord> {
    const same = this.#records.find(({ id }) => id === model.id);
    if (same?.standing === 'live') return same;
    await this.#keep(model);
    const others = this.#records.filter((one) => one !== same);
    return this.#write([...others, { ...described(model, record), standing: 'rejected' }]);
  }

  async find(id?: string): Promise<Model> {
    const found =
      id === undefined
        ? this.#records.findLast(({ standing }) => standing === 'previous')
        : this.#records.find((one) => one.id === id && one.standing !== 'live');
    if (found) return await readModel(this.#pathOf(found.id));
    const there = this.#records.filter(({ standing }) => standing !== 'live');
    const choice = there.map((one) => `${one.id} (${one.standing})`).join(', ') || 'none';
    throw new ConfigError(
      `${id === undefined ? 'there is no previous model' : `model '${id}' is not kept beside the live one`}: kept are ${choice}`,
      { code: 'SEN_CFG_UNKNOWN_MODEL' },
    );
  }

  async restore(model: Model): Promise<ModelRecord> {
    const record = this.#records.find(({ id }) => id === model.id);
    if (!record) throw new RangeError(`model ${model.id} is not in the archive`);
    await writeModel(this.#setup.livePath, model);
    const former = this.#records.map((one) =>
      one.standing === 'live'
        ? { ...one, standing: 'rejected' as const, reason: 'a user went back to an earlier model' }
        : one,
    );
    return this.#write(withLive(former, record));
  }

  async #keep(model: Model): Promise<void> {
    mkdirSync(this.#setup.folder, { recursive: true });
    await writeModel(this.#pathOf(model.id), model);
  }

  /** Returns the last of the records, which may be one that is not kept. */
  async #write(records: readonly ModelRecord[]): Promise<ModelRecord> {
    const { folder, most, forget } = this.#setup;
    const former = this.#records;
    this.#records = kept(records, most);
    const text = JSON.stringify(this.#records, undefined, 1);
    await writeDurably(join(folder, MANIFEST), Buffer.from(text));
    const names = this.#records.map(({ id }) => `${id}.safetensors`);
    for (const name of readdirSync(folder)) {
      if (name !== MANIFEST && !names.includes(name)) rmSync(join(folder, name), { force: true });
    }
    for (const id of new Set([...former, ...records].map((one) => one.id))) {
      if (!this.#records.some((one) => one.id === id)) forget(id);
    }
    return records.at(-1) as ModelRecord; // who writes has put one there
  }

  #pathOf(id: string): string {
    return pathIn(this.#setup.folder, id);
  }
}

function described({ id, card }: Model, record: NewRecord): Omit<ModelRecord, 'standing'> {
  const { rows, compression } = card;
  if (!compression) return { ...record, id, rows };
  const { method, parameters } = compression;
  return { ...record, id, rows, compression: { method, parameters } };
}
