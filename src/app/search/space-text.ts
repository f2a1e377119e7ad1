// A space before anything is searched in it: what it holds, how it would be gone through, and what the surrogate would see.
import { lookUp } from '../../core/registry.ts';
import { describeSpace } from '../../lab/search/design-space/describe.ts';
import { heldOutStress } from '../../lab/search/design-space/embeddings/held-out-stress.ts';
import { embeddings } from '../../lab/search/design-space/embeddings/index.ts';
import { learned } from '../../lab/search/design-space/embeddings/learned.ts';
import { sizeOf } from '../../lab/search/design-space/size.ts';
import { short } from './costs.ts';
import { firstDesigns, levelsFor } from './library-window.ts';
import type { SearchSettings } from './settings.ts';

/** The stress is that of the first designs, undefined where all of them are landmarks. Throws `ConfigError` for an empty space. */
export function spaceText(
  settings: Pick<SearchSettings, 'space' | 'library' | 'levelled' | 'seed' | 'embedding'>,
): string {
  const { space, seed } = settings;
  const levels = levelsFor(settings);
  const designs = firstDesigns(settings, levels.length);
  const embedding = lookUp(embeddings, settings.embedding, 'embedding');
  const { width } = embedding.embed(designs, levels[0].space);
  const stress = embedding.kind === learned.kind ? heldOutStress(designs, seed) : undefined;
  const lines: readonly (readonly [string, string])[] = [
    ['at first', `${grouped(designs.length)} designs`],
    ...levels
      .slice(levels.length > 1 ? 0 : 1)
      .map(
        ({ name, space: of }, i) =>
          [`level ${i + 1}`, `${name}, of ${grouped(sizeOf(of))}`] as const,
      ),
    ['embedding', `${embedding.kind}, ${width} coordinates`],
    ...(stress === undefined
      ? []
      : [['stress', `${short(stress)} of distances between designs held out; 0 is none`] as const]),
  ];
  const told = lines.map(([name, value]) => `${name.padEnd(14)}${value}`);
  return [describeSpace(space), ...told].join('\n');
}

function grouped(count: number | bigint): string {
  return count.toLocaleString('en-GB');
}
