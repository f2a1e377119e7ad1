// The options of trainings, checked before anything is learnt with them.
import type { z } from 'zod';
import type { PluginPlace } from '../../core/plugin-module.ts';
import type { ConfigDocument, Fault, Path } from './document.ts';
import { faultsOf } from './faults.ts';
import type { JsonSchema } from './json-schema.ts';
import type { ConfigFile } from './schema.ts';

/** What the process is asked: of which detector the options are. */
export interface LearnOptionsTask {
  readonly asked: readonly { readonly detector: string; readonly options: unknown }[];
  readonly plugins: readonly PluginPlace[];
}

/** What it answers for each: nothing, or what is wrong with them and what there is. */
export type LearnOptionsAnswer = readonly (
  | { readonly issues: z.ZodError['issues']; readonly schema: JsonSchema }
  | undefined
)[];

/**
 * Looked at in a process that ends afterwards, since the trainers come with the lab, which a daemon that has its model must
 * not carry; without any such option nothing is loaded.
 */
export async function learnOptionFaults(
  { streams }: ConfigFile,
  document: ConfigDocument,
  plugins: readonly PluginPlace[],
): Promise<Fault[]> {
  const set = streams.flatMap(({ learn: { detector, options } }, index) =>
    Object.keys(options).length > 0 ? { index, detector, options } : [],
  );
  if (set.length === 0) return [];
  const task: LearnOptionsTask = {
    asked: set.map(({ detector, options }) => ({ detector, options })),
    plugins: plugins.map(({ named, url }) => ({ named, url })),
  };
  const { runInProcess } = await import('../../detectors/training/process.ts');
  const entry = new URL('./learn-options-process.ts', import.meta.url);
  const answer = await runInProcess<LearnOptionsTask, never, LearnOptionsAnswer>(entry, task, {});
  return answer.flatMap((wrong, i) => {
    const path = ['streams', set[i]?.index ?? 0, 'learn', 'options'];
    return wrong ? faultsOf(wrong, partOf(document, path, set[i]?.options), wrong.schema) : [];
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
