// Forms of the configuration file, as the steps that lead to the newest. Never change a step that was released.
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { type Document, isMap } from 'yaml';
import { ConfigError } from '../../core/errors.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { potToRate } from './pot-to-rate.ts';
import { MOST_CONFIG_BYTES, parseYaml } from './yaml-text.ts';

/** Brings a document from version n to n + 1, comments and all; the first step starts from version 1. */
export type ConfigStep = (document: Document) => void;

const STEPS: readonly ConfigStep[] = [potToRate];

export const NEWEST_VERSION = STEPS.length + 1;

interface Migrated {
  readonly text: string;
  readonly from: number;
  /** More than the number of its version differs. */
  readonly rewritten: boolean;
}

/** The version a document says it has; without a word it is the first. */
function versionOf(document: Document): unknown {
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
  if (faults.length > 0 || !isMap(document.contents)) return undefined; // the check reports its faults
  const from = versionOf(document);
  const newest = steps.length + 1;
  if (typeof from === 'number' && from > newest) {
    throw new ConfigError(
      `${name} has a newer version than ${newest}, the newest that this program reads: install the newer program, or use ${name}.v${newest}`,
      { code: 'SEN_CFG_NEWER_VERSION' },
    );
  }
  if (typeof from !== 'number' || from === newest) return undefined;
  migrateDocument(document, steps);
  const renumbered = parseYaml(text).document;
  renumbered.set('version', newest);
  const migrated = document.toString();
  return { text: migrated, from, rewritten: migrated !== renumbered.toString() };
}

/** Whether `file` has an older form, of which more than the number would be written anew. Throws `ConfigError`. */
export function isOlderForm(file: string): boolean {
  return migrateText(readWholeText(file, MOST_CONFIG_BYTES), file)?.rewritten === true;
}

/**
 * Writes `file` anew in the newest form, after a copy of it was made as `<file>.v<old version>`; returns the copy's
 * path, or undefined when there was nothing to do. Throws `ConfigError` when it is newer or cannot be written.
 */
export function migrateFile(file: string, steps?: readonly ConfigStep[]): string | undefined {
  try {
    const old = readWholeText(file, MOST_CONFIG_BYTES);
    const migrated = migrateText(old, file, steps);
    if (!migrated) return undefined;
    const backup = `${file}.v${migrated.from}`;
    const { mode } = statSync(file);
    if (!existsSync(backup)) writeFileSync(backup, old, { mode });
    writeFileSync(`${file}.tmp`, migrated.text, { mode });
    renameSync(`${file}.tmp`, file); // a power cut leaves the old file or the new one
    return backup;
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${file} cannot be migrated: ${(cause as Error).message}`, {
      code: 'SEN_CFG_MIGRATION',
      cause,
    });
  }
}
