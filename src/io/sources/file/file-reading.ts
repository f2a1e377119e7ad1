import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../../core/sample.ts';

/** One number in one file. */
export interface FileReading {
  readonly channel: Channel;
  readonly path: string;
  /** In channel units; undefined when the text holds no valid reading. */
  readonly parse: (text: string) => number | undefined;
}

/** Looks for what there is now below the root. */
export type Discover = (root: string) => FileReading[];

/** A folder of sysfs as presets see it: absence is an answer, devices come and go. */
export interface SysFolder {
  readonly path: string;
  readonly names: readonly string[];
  /** Trimmed text of a file in it; undefined where it is not there or cannot be read. */
  attribute(name: string): string | undefined;
}

/** The sub-folders of `path`, in the order of their names. */
export function sysFolders(path: string): (SysFolder & { readonly name: string })[] {
  return listed(path).map((name) => {
    const folder = join(path, name);
    return {
      name,
      path: folder,
      names: listed(folder),
      attribute: (file) => textOf(join(folder, file)),
    };
  });
}

/** Text as a part of a channel id: no blanks, and no brackets, in which the unit is written. */
export function idPart(text: string): string {
  return text.trim().replace(/[\s[\]]+/g, '_');
}

function listed(path: string): string[] {
  try {
    return readdirSync(path).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
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
