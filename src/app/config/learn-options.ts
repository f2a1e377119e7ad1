// The options and rows of trainings, checked before anything is learnt with them.
import type { z } from 'zod';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { ConfigDocument, Fault, Path } from './document.ts';
import { faultsOf } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import type { ConfigFile, LearnConfig } from './schema.ts';

/** What the process is asked: of which detector the options are. */
export interface LearnOptionsTask {
  readonly asked: readonly Pick<LearnConfig, 'detector' | 'options' | 'rows'>[];
  readonly plugins: readonly PluginPlace[];
}

/** What it answers for each: what is wrong with the options and what there is, or how many rows they need. */
export type LearnOptionsAnswer = readonly (
  | { readonly issues: z.ZodError['issues']; readonly schema: JsonSchema }
  | { readonly leastRows: number }
)[];

/**
 * Looked at in a process that ends afterwards, since the trainers come with the lab, which a daemon that has its model must
 * not carry; without any such option nothing is loaded, unless it is to be `thorough`.
 */
export async function learnOptionFaults(
  { streams }: ConfigFile,
  document: ConfigDocument,
  { plugins, thorough }: { readonly plugins: readonly PluginPlace[]; readonly thorough: boolean },
): Promise<Fault[]> {
  const set = streams.flatMap(({ learn, model }, index) => {
    const isSet = Object.keys(learn.options).length > 0 || (thorough && model === undefined);
    return isSet ? { index, model, ...learn } : [];
  });
  if (set.length === 0) return [];
  const task: LearnOptionsTask = {
    asked: set.map(({ detector, options, rows }) => ({ detector, options, rows })),
    plugins: plugins.map(({ named, url }) => ({ named, url })),
  };
  const { runInProcess } = await import('../../detectors/training/process.ts');
  const entry = new URL('./learn-options-process.ts', import.meta.url);
  const answer = await runInProcess<LearnOptionsTask, never, LearnOptionsAnswer>(entry, task, {});
  return set.flatMap(({ index, detector, options, rows, model }, i) => {
    const found = answer[i];
    const path = ['streams', index, 'learn'];
    if (found && 'issues' in found) {
      const place = [...path, 'options'];
      return faultsOf(found, partOf(document, place, options), found.schema);
    }
    if (!found || model !== undefined || rows >= found.leastRows) return [];
    const message = `found ${rows}, expected at least ${found.leastRows}: detector ${detector} needs so many to learn from and to set its level`;
    return [document.at([...path, 'rows'], message)];
  });
}

/** The document seen from `root`, where `data` stands. */
function partOf(document: ConfigDocument, root: Path, data: unknown): ConfigDocument {
  return {
    data,
    faults: [],
    at: (path, message, named = path.length) =>
      document.at([...root, ...path], message, root.length + named),
    atKey: (path, key, message) => document.atKey([...root, ...path], key, message),
  };
}
