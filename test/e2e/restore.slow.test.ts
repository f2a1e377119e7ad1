import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missing } from './hostile/tools.ts';
import { killedRestore, namesIn, startThere } from './killed-restore.ts';

describe.skipIf(missing(['strace']).length > 0)(
  'a restore that is killed at any of its steps (#18)',
  () => {
    it.each(['^rename', '^fsync', '^unlink', '^rmdir', '^mkdir', '^p?write(64)?$'])(
      'of %s leaves one whole state to the next start',
      async (call) => {
        const left: string[] = [];
        for (let nth = 1; ; nth++) {
          const { state, ended } = await killedRestore(call, nth);
          await startThere(state);
          const names = namesIn(state);
          expect({ nth, names }).toEqual({ nth, names: [expect.stringMatching(/^(old|new)$/)] });
          const rest = readdirSync(state).filter((name) => /incoming|restore\.json/.test(name));
          expect(rest).toEqual([]);
          const former = readdirSync(state).filter((name) => name.startsWith('before-restore-'));
          expect(former.map((name) => namesIn(join(state, name)))).toEqual(
            names[0] === 'new' ? [['old']] : [],
          );
          left.push(...names);
          if (ended.code === 0) break;
        }
        expect(left.length).toBeGreaterThan(1); // some were killed
        expect(left.at(-1)).toBe('new');
      },
    );
  },
);
