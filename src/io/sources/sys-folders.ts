// Folders of sysfs. Missing ones are no error: devices come and go.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SysFolder {
  readonly name: string;
  readonly path: string;
  readonly names: readonly string[];
  /** Trimmed text of a file in it; undefined when it is missing or cannot be read. */
  attribute(name: string): string | undefined;
}

/** The sub-folders of `path`, in the order of their names. */
export function sysFolders(path: string): SysFolder[] {
  return namesIn(path).map((name) => {
    const folder = join(path, name);
    return {
      name,
      path: folder,
      names: namesIn(folder),
      attribute: (file) => textOf(join(folder, file)),
    };
  });
}

/** Names in a folder, hwmon2 before hwmon10; empty without a folder. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return []; // not on this machine
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // not every driver has every attribute
  }
}
