// Finds data sets by name under a root, or by path, and reads their series.
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import { type Registry, registry } from '../../core/registry.ts';
import type { LabelledSeries } from '../series/labelled-series.ts';
import type { Layout } from './assemble.ts';
import { nameOf, subfolders } from './files.ts';
import { gonOfficial } from './gon-official.ts';
import { nab } from './nab.ts';
import { whereToGet } from './origins.ts';
import { recording } from './recording.ts';
import { asd, smd } from './server.ts';
import { skab } from './skab.ts';
import { tsbAd } from './tsb-ad.ts';

/** A folder of labelled series. */
export interface Dataset {
  readonly name: string;
  readonly folder: string;
  /** Key of `layouts`. */
  readonly layout: string;
  /** Names of the series, sorted. */
  readonly series: readonly string[];
  /** Throws `SourceError` for what is missing or broken. */
  read(series: string): LabelledSeries;
}

/**
 * Opens a folder: `SMD` under one of the roots, the first that has it, or any path in one of the known layouts. Throws
 * `SourceError` saying where to get a set that is absent, or which layouts there are.
 */
export function openDataset(nameOrPath: string, ...roots: readonly string[]): Dataset {
  const under = isAbsolute(nameOrPath) ? [] : roots.map((root) => join(root, nameOrPath));
  const folder = [...under, nameOrPath].find((candidate) => existsSync(candidate));
  if (folder === undefined) {
    const place = under.join(' or ') || nameOrPath;
    throw new SourceError(`there is no data set ${place}. ${whereToGet(nameOf(nameOrPath))}`, {
      code: 'SEN_SRC_DATASET_MISSING',
    });
  }
  const layout = [...layouts.values()].find((candidate) => candidate.matches(folder));
  if (!layout) {
    throw new SourceError(
      `${folder} has none of the known layouts (${[...layouts.keys()].join(', ')}): compare it with the data set's own README`,
      { code: 'SEN_SRC_DATASET_MISSING' },
    );
  }
  const series = layout.list(folder);
  return {
    name: nameOf(folder),
    folder,
    layout: layout.kind,
    series,
    read: (name) => {
      if (series.includes(name)) return layout.read(folder, name);
      throw new SourceError(`${folder} has no series '${name}', it has ${series.join(', ')}`, {
        code: 'SEN_SRC_DATASET_MISSING',
      });
    },
  };
}

/** All folders under the roots with a known layout; if a root contains none, the root itself if it has a known layout. */
export function findDatasets(...roots: readonly string[]): readonly Dataset[] {
  const known = (folder: string): boolean =>
    [...layouts.values()].some((layout) => layout.matches(folder));
  return roots
    .flatMap((root) => {
      const inside = subfolders(root)
        .map((name) => join(root, name))
        .filter(known);
      return inside.length > 0 ? inside : [root].filter(known);
    })
    .map((folder) => openDataset(resolve(folder)));
}

/** In the order in which a folder is tried; the first layout that matches is taken. */
export const layouts: Registry<Layout> = registry<Layout>(
  smd,
  asd,
  skab,
  nab,
  recording,
  gonOfficial,
  tsbAd,
);
