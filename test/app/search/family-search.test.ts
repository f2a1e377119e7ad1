import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../src/app/search/journal.ts';
import { resumeSearch, startSearch } from '../../../src/app/search/session.ts';
import { settingsSchema } from '../../../src/app/search/settings.ts';
import { cnnKey } from '../../../src/lab/search/cnn-space/cell-form.ts';
import { enumerateCnns } from '../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../src/lab/search/cnn-space/space.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { familyOfSpace } from '../../../src/lab/search/families/index.ts';
import type { CnnPoint } from '../../../src/models/cnn-design.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import {
  context,
  ENGINE,
  fresh,
  prepare,
  STARTED,
  settings,
  space,
  summary,
} from './toy-search.ts';

/** 16 networks. */
const cnnSpace = readCnnSpace({ family: 'cnn', cells: [1], vertices: [1], rows: 16 });

/** A folder with a profile of both families. */
function withBoth(): string {
  const folder = tempFolder();
  prepare(folder, ENGINE, 'x86', [...enumerateCnns(cnnSpace), ...enumerate(space)]);
  return folder;
}

describe('a search over convolutional networks', () => {
  it('searches convolutional networks as it does encoders, and goes on after a stop', async () => {
    const cnns = { space: cnnSpace, embedding: 'learned', budget: 5 };
    const folder = withBoth();
    const session = await startSearch(settings(cnns), STARTED, context(folder));
    const read = readJournal(folder);
    expect(read.header.settings.space).toEqual(cnnSpace);
    expect(session.history).toHaveLength(5);
    for (const { choice, evaluated } of session.history) {
      expect(cnnKey(choice.network.point as CnnPoint)).toMatch(/^16(\.silu)?:/);
      expect(evaluated.costs.p50S).toBeGreaterThan(0);
    }
    const resumed = await resumeSearch(read, 8, context(folder));
    expect(summary(resumed).slice(0, 5)).toEqual(summary(session));
    const whole = await startSearch(settings({ ...cnns, budget: 8 }), STARTED, context(withBoth()));
    expect(summary(resumed)).toEqual(summary(whole));
  });

  it('refuses a profile without networks of the family that it searches', async () => {
    await expect(
      startSearch(settings({ space: cnnSpace }), STARTED, context(fresh())),
    ).rejects.toThrow(
      /x86\.json holds no networks of the family cnn: profile that device again with the --family/,
    );
  });

  it('reads spaces of earlier journals, which name no family, as those of encoders', () => {
    const { space: read } = settingsSchema.parse({ ...settings(), space: { layers: [1] } });
    expect(familyOfSpace(read).kind).toBe('encoder');
    expect(familyOfSpace(settingsSchema.parse({ ...settings(), space: cnnSpace }).space).kind).toBe(
      'cnn',
    );
  });
});
