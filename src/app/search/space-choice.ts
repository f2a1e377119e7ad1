import { ConfigError } from '../../core/errors.ts';
import { readWholeText, whyUnread } from '../../io/files/whole-file.ts';
import { type DesignSpace, readSpace } from '../../lab/search/design-space/space.ts';

/** A named space, or a JSON file that writes one out. Throws `ConfigError` for neither, and for an empty space. */
export function spaceFrom(given: string): DesignSpace {
  return readSpace(given.endsWith('.json') ? parsed(given) : given);
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readWholeText(path));
  } catch (cause) {
    throw new ConfigError(`${path} is no design space (${whyUnread(cause)})`, { cause });
  }
}
