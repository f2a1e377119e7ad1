import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missing } from './hostile/tools.ts';
import { killedRestore, namesIn, startThere } from './killed-restore.ts';

const FINISHED = 'finished a restore that was interrupted';

describe.skipIf(missing(['strace']).length > 0)('a restore that is killed (#18)', () => {
  it.each([
    { nth: 1, left: 'before anything is moved', name: 'old' },
    { nth: 3, left: 'while the old state leaves', name: 'new' },
    { nth: 6, left: 'while the new one comes', name: 'new' },
  ])('$left, leaves one whole state to the next start, which says what it did', async (step) => {
    const { state, ended } = await killedRestore('^rename', step.nth);
    expect(ended.code).toBeNull();
    const { log } = await startThere(state);
    expect(namesIn(state)).toEqual([step.name]);
    const said = log.filter(({ msg }) => msg === FINISHED);
    expect(said).toHaveLength(step.name === 'new' ? 1 : 0);
    const rest = readdirSync(state).filter((name) => /incoming|restore\.json/.test(name));
    expect(rest).toEqual([]);
  });
});
