import { describe, expect, it } from 'vitest';
import { retrainOptions } from '../../../src/app/config/retrain-options.ts';
import { configSchema } from '../../../src/app/config/schema.ts';

const faultsOf = (stream: object) =>
  configSchema
    .safeParse({ streams: [{ id: 'machine', source: { kind: 'host' }, ...stream }] })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('options of retraining', () => {
  it('keep a day of rows and three models, and train by themselves in the first days', () => {
    expect(retrainOptions.parse({})).toEqual({
      firstDays: true,
      everyHours: 0,
      afterDrift: false,
      driftHours: 24,
      keepHours: 24,
      writeMbPerDay: 25,
      rows: 10_000,
      keepModels: 3,
    });
  });

  it.each([
    { everyHours: -1 },
    { driftHours: 0 },
    { keepHours: -1 },
    { writeMbPerDay: 0 },
    { rows: 99 },
    { keepModels: 0 },
    { afterDrift: 'yes' },
    { firstDays: 1 },
  ])('are not %j', (retrain) => {
    const [option] = Object.keys(retrain);
    expect(faultsOf({ retrain })).toEqual([
      expect.stringMatching(new RegExp(`^streams\\.0\\.retrain\\.${option}: `)),
    ]);
  });

  it('are of no use for a model from a file, and say so', () => {
    const objection =
      'streams.0.retrain: only a stream without a model file is trained again: remove model, everyHours or afterDrift';
    const model = 'machine.safetensors';
    expect(faultsOf({ model, retrain: { everyHours: 24 } })).toEqual([objection]);
    expect(faultsOf({ model, retrain: { afterDrift: true } })).toEqual([objection]);
    expect(faultsOf({ model, retrain: { driftHours: 168 } })).toEqual([]);
    expect(faultsOf({ retrain: { everyHours: 24, afterDrift: true } })).toEqual([]);
  });
});
