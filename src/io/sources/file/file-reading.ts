import type { Channel } from '../../../core/sample.ts';
import { toNumber } from '../../text/json-path.ts';

/** One number in one file. */
export interface FileReading {
  readonly channel: Channel;
  readonly path: string;
  /** In channel units; undefined when the text holds no valid reading. */
  readonly parse: (text: string) => number | undefined;
}

/** Looks for what there is now below the root. */
export type Discover = (root: string) => FileReading[];

/** Reads the number that `find` takes out of a text, all of it by default; `convert` makes channel units of it. */
export function numberAs(
  convert: (raw: number) => number,
  find: (text: string) => unknown = (text) => text,
): FileReading['parse'] {
  return (text) => {
    const raw = toNumber(find(text));
    return raw === undefined ? undefined : convert(raw);
  };
}

/** Text as a part of a channel id: no blanks, and no brackets, in which the unit is written. */
export function idPart(text: string): string {
  return text.trim().replace(/[\s[\]]+/g, '_');
}
