import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../../core/errors.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { type ConfigStep, migrateText } from './migrations.ts';
import { MOST_CONFIG_BYTES } from './yaml-text.ts';

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
    throw new ConfigError(`${file} cannot be brought up to date: ${(cause as Error).message}`, {
      cause,
    });
  }
}
