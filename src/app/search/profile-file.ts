import { ConfigError } from '../../core/errors.ts';
import { readWholeText, whyUnread } from '../../io/files/whole-file.ts';
import type { EngineIdentity } from '../../lab/profiler/engine-identity.ts';
import { type Profile, parseProfile } from '../../lab/profiler/profile.ts';

/** Throws `ConfigError` for a file that cannot be read, and as `parseProfile`. */
export function readProfile(path: string, engine: EngineIdentity): Profile {
  let text: string;
  try {
    text = readWholeText(path);
  } catch (cause) {
    throw new ConfigError(`profile ${path} ${whyUnread(cause)}: make one with sentigon profile`, {
      cause,
    });
  }
  return parseProfile(text, path, engine);
}
