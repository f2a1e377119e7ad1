import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newestIntact, openArchive } from '../../../src/app/models/model-archive.ts';
import { readModel, writeModel } from '../../../src/app/models/model-folder.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import type { Model } from '../../../src/models/model.ts';
import { sealModel } from '../../../src/models/model-file.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { tinyModel } from '../tiny-model.ts';

const modelOf = (seed: number): Promise<Model> => {
  const { id: _, ...model } = tinyModel();
  return sealModel({ ...model, card: { ...model.card, seed } });
};

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();

async function begun(most = 3) {
  const state = tempFolder();
  const livePath = join(state, 'machine.safetensors');
  const first = await modelOf(1);
  await writeModel(livePath, first);
  const forgotten: string[] = [];
  const folder = join(state, 'machine');
  const setup = { folder, livePath, most, forget: (id: string) => void forgotten.push(id) };
  const archive = await openArchive(setup, first, at(0));
  return { archive, first, setup, forgotten, folder, livePath };
}

const standings = (archive: Awaited<ReturnType<typeof openArchive>>) =>
  archive.records().map(({ id, standing }) => [id, standing]);

describe('the models of a stream', () => {
  it('begin with the one that is there', async () => {
    const { archive, first, setup } = await begun();
    const record = { id: first.id, trainedAt: at(0), rows: 200, why: 'first', standing: 'live' };
    expect(archive.records()).toEqual([record]);
    expect((await openArchive(setup, first, at(5))).records()).toEqual([record]);
  });

  it('put a new one in the place of the old, on the disk, and know why', async () => {
    const { archive, first, setup, livePath } = await begun();
    const second = await modelOf(2);
    await archive.admit(second, { trainedAt: at(1), why: 'drift' });
    expect(standings(archive)).toEqual([
      [first.id, 'previous'],
      [second.id, 'live'],
    ]);
    expect(await readModel(livePath)).toEqual(second);
    const again = await openArchive(setup, second, at(9));
    expect(again.records()).toEqual(archive.records());
    expect(again.records()[1]).toMatchObject({ why: 'drift', trainedAt: at(1) });
  });

  it('say of a compressed one how many numbers it had and has', async () => {
    const { archive, setup } = await begun();
    const { id: _, ...model } = tinyModel();
    const compression = {
      ...{ parent: 'p', method: 'modegpt', options: { ratio: 0.3 }, dataHash: '', rows: 200 },
      parameters: { before: 90, after: 60 },
    };
    const lean = await sealModel({ ...model, card: { ...model.card, compression } });
    await archive.admit(lean, { trainedAt: at(1), why: 'asked' });
    const again = await openArchive(setup, lean, at(9));
    expect(again.records().at(-1)?.compression).toEqual({
      method: 'modegpt',
      parameters: { before: 90, after: 60 },
    });
    expect(again.records()[0]).not.toHaveProperty('compression');
  });

  it('keep a rejected one beside with the reason, and the live one live', async () => {
    const { archive, first, livePath } = await begun();
    const second = await modelOf(2);
    const record = await archive.reject(second, {
      trainedAt: at(1),
      why: 'asked',
      reason: 'worse',
    });
    expect(record).toMatchObject({ id: second.id, standing: 'rejected', reason: 'worse' });
    expect(archive.records()).toHaveLength(2);
    expect((await readModel(livePath)).id).toBe(first.id);
    expect(await archive.find(second.id)).toEqual(second);
  });

  it('never reject the live one, though it is trained again from the same rows', async () => {
    const { archive, first } = await begun();
    await archive.reject(first, { trainedAt: at(1), why: 'asked', reason: 'worse' });
    expect(standings(archive)).toEqual([[first.id, 'live']]);
  });

  it('go back to the previous one, then to the one before, and forwards by name', async () => {
    const { archive, first, livePath } = await begun();
    const [second, third] = [await modelOf(2), await modelOf(3)];
    await archive.admit(second, { trainedAt: at(1), why: 'asked' });
    await archive.admit(third, { trainedAt: at(2), why: 'asked' });
    for (const expected of [second, first]) {
      await archive.restore(await archive.find());
      expect((await readModel(livePath)).id).toBe(expected.id);
    }
    await expect(archive.find()).rejects.toThrow(ConfigError);
    await expect(archive.find()).rejects.toThrow(
      `there is no previous model: kept are ${third.id} (rejected), ${second.id} (rejected)`,
    );
    const record = await archive.restore(await archive.find(third.id));
    expect(record).toMatchObject({ id: third.id, standing: 'live' });
    expect(record.reason).toBeUndefined();
  });

  it('are as many as asked for, and the previous one is not crowded out by rejected ones', async () => {
    const { archive, first, folder, forgotten } = await begun();
    const second = await modelOf(2);
    await archive.admit(second, { trainedAt: at(1), why: 'asked' });
    const rejected = await Promise.all([3, 4, 5].map(modelOf));
    for (const model of rejected) {
      await archive.reject(model, { trainedAt: at(2), why: 'asked', reason: 'worse' });
    }
    const [, , last] = rejected;
    expect(standings(archive)).toEqual([
      [first.id, 'previous'],
      [second.id, 'live'],
      [last?.id, 'rejected'],
    ]);
    expect(forgotten).toEqual(rejected.slice(0, 2).map(({ id }) => id));
    expect(readdirSync(folder).sort()).toEqual(
      [first, second, last]
        .map((model) => `${model?.id}.safetensors`)
        .concat('manifest.json')
        .sort(),
    );
  });

  it('are the live one alone where no more are wanted', async () => {
    const { archive, first, forgotten } = await begun(1);
    const second = await modelOf(2);
    await archive.admit(second, { trainedAt: at(1), why: 'asked' });
    expect(standings(archive)).toEqual([[second.id, 'live']]);
    expect(forgotten).toEqual([first.id]);
  });

  it('believe the live file after a power cut between it and the manifest', async () => {
    const { archive, first, setup, livePath } = await begun();
    const second = await modelOf(2);
    await archive.admit(second, { trainedAt: at(1), why: 'asked' });
    await writeModel(livePath, first);
    const again = await openArchive(setup, first, at(2));
    expect(again.records().find(({ standing }) => standing === 'live')?.id).toBe(first.id);
    expect((await again.find()).id).toBe(second.id);
  });

  it('are the live one to take in its place, then the newest before it that is intact (#18)', async () => {
    const { archive, first, folder } = await begun();
    const [second, third, fourth] = [await modelOf(2), await modelOf(3), await modelOf(4)];
    await archive.admit(second, { trainedAt: at(1), why: 'asked' });
    await archive.admit(third, { trainedAt: at(2), why: 'asked' });
    await archive.reject(fourth, { trainedAt: at(3), why: 'asked', reason: 'worse' });
    const damage = (model: Model) => writeFileSync(join(folder, `${model.id}.safetensors`), '{');
    for (const expected of [third, second]) {
      expect(await newestIntact(folder)).toEqual(expected);
      damage(expected);
    }
    expect(await newestIntact(folder)).toBeUndefined();
    expect(await newestIntact(join(folder, 'none'))).toBeUndefined();
    expect(archive.records().map(({ id }) => id)).not.toContain(first.id);
  });

  it('have an intact copy of the live one after each start', async () => {
    const { first, setup, folder } = await begun();
    writeFileSync(join(folder, `${first.id}.safetensors`), '{');
    await openArchive(setup, first, at(1));
    expect(await newestIntact(folder)).toEqual(first);
  });

  it('begin anew from a manifest that is damaged', async () => {
    const { first, setup, folder } = await begun();
    writeFileSync(join(folder, 'manifest.json'), '[{');
    expect((await openArchive(setup, first, at(3))).records()).toMatchObject([{ why: 'first' }]);
    rmSync(folder, { recursive: true });
    await openArchive(setup, first, at(3));
    expect(existsSync(join(folder, `${first.id}.safetensors`))).toBe(true);
  });
});
