// A tiny search that really trains: a recording, a space, and a profile of this engine for a device that is not this machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/app/version.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { engineIdentity } from '../../src/lab/profiler/engine-identity.ts';
import { alikeDesigns } from '../../src/lab/search/design-space/levels.ts';
import { spaceSchema } from '../../src/lab/search/design-space/space.ts';
import { prepare, space } from '../app/search/toy-search.ts';
import { ordinarySeries } from '../contracts/planted.ts';
import { tempFolder } from '../io/temp-folder.ts';

/** Faults are planted in the newest part of a recording; each kind of them needs its rows. */
export const ROWS = 2600;
/** Milliseconds; small numbers would be read as seconds. */
const T0 = 1_700_000_000_000;

/** Too large to be listed: 1.3 million designs, through which a search goes level by level. */
const large = spaceSchema.parse({
  ...{ ...space, layers: [1, 2, 3], mixedHeads: true },
  ...{ feedForward: [8, 16], stacks: [1, 2], mixedStacks: true },
});

/** Arguments of the search by the name of its folder, in a folder that goes when the test ends. */
export async function searchBench(of: 'small' | 'large' = 'small') {
  const folder = tempFolder();
  const { values, timeMs, channels } = ordinarySeries(ROWS);
  const width = channels.length;
  const lines = Array.from(timeMs, (time, row) =>
    [T0 + time, ...values.subarray(row * width, (row + 1) * width)].join(','),
  );
  const data = join(folder, 'data.csv');
  writeFileSync(data, ['time,cpu[%],network[B/s],load', ...lines].join('\n'));
  const spaceFile = join(folder, 'space.json');
  writeFileSync(spaceFile, JSON.stringify(of === 'large' ? large : space));
  const engine = engineIdentity(await loadKernels(), version());
  const profile = prepare(
    folder,
    engine,
    'pi-4b',
    of === 'large' ? alikeDesigns(large, 2000, 1) : undefined,
  );
  const args = (out: string) => [
    ...['search', data, '--space', spaceFile, '--profile', profile, '--embedding', 'one-hot'],
    ...[
      '--method',
      'random',
      '--budget',
      of === 'large' ? '8' : '3',
      '--final-steps',
      '5',
      '--training',
      'steps=5',
    ],
    ...['--out', join(folder, out)],
  ];
  return { folder, args };
}
