// Forms of the configuration file, as the steps that lead to the newest. Never change a step that was released.
import { type Document, isMap } from 'yaml';
import { ConfigError } from '../../core/errors.ts';
import { potToRate } from './pot-to-rate.ts';
import { parseYaml } from './yaml-text.ts';

/** Brings a document from version n to n + 1, comments and all; the first step starts from version 1. */
export type ConfigStep = (document: Document) => void;

const STEPS: readonly ConfigStep[] = [potToRate];

export const NEWEST_VERSION = STEPS.length + 1;

export interface Migrated {
  readonly text: string;
  readonly from: number;
  /** More than the number of its version differs. */
  readonly rewritten: boolean;
}

/** The version a document says it has; without a word it is the first. */
export function versionOf(document: Document): unknown {
  return isMap(document.contents) ? (document.get('version') ?? 1) : 1;
}

/** Brings a parsed document up to date where it is older; any other is left for the schema to judge. */
export function migrateDocument(document: Document, steps: readonly ConfigStep[] = STEPS): void {
  const from = versionOf(document);
  if (!isMap(document.contents) || typeof from !== 'number') return;
  if (!(from >= 1 && from <= steps.length)) return;
  for (const step of steps.slice(from - 1)) step(document);
  document.set('version', steps.length + 1);
}

/** `text` in the newest form; undefined when it has it already. Throws `ConfigError` when this program is too old for it. */
export function migrateText(
  text: string,
  name: string,
  steps: readonly ConfigStep[] = STEPS,
): Migrated | undefined {
  const { document, faults } = parseYaml(text);
  if (faults.length > 0 || !isMap(document.contents)) return undefined; // the check tells what is wrong with it
  const from = versionOf(document);
  const newest = steps.length + 1;
  if (typeof from === 'number' && from > newest) {
    throw new ConfigError(
      `${name} is of a later version, this program knows ${newest}: install the newer program, or use ${name}.v${newest}`,
    );
  }
  if (typeof from !== 'number' || from === newest) return undefined;
  migrateDocument(document, steps);
  const renumbered = parseYaml(text).document;
  renumbered.set('version', newest);
  const migrated = document.toString();
  return { text: migrated, from, rewritten: migrated !== renumbered.toString() };
}
