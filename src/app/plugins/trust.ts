// A plug-in may do whatever the daemon may: only root and the user who runs it may be able to change its file.
import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../../core/errors.ts';

const WRITABLE_BY_OTHERS = 0o022;
/** In such a folder, as /tmp is, nobody may rename what belongs to somebody else. */
const STICKY = 0o1000;

/** `path` is a real path. Throws `ConfigError` when somebody else could put other code there, by any folder above it. */
export function requireTrusted(path: string, named: string, user = process.getuid?.()): void {
  if (user === undefined) return; // a system without such modes
  for (let place = path; ; place = dirname(place)) {
    const doubt = doubtOf(statSync(place), user);
    if (doubt !== undefined) {
      throw new ConfigError(
        `plug-in ${named}: ${place} ${doubt}, expected that only root and the user who runs it may write there: ` +
          `sudo chown root ${place} && sudo chmod go-w ${place}`,
      );
    }
    if (dirname(place) === place) return;
  }
}

/** Why `user` should not trust what lies there; undefined when only root and that user can change it. */
export function doubtOf(stats: Stats, user: number): string | undefined {
  if (stats.uid !== 0 && stats.uid !== user) return `belongs to user ${stats.uid}`;
  const sticky = stats.isDirectory() && (stats.mode & STICKY) !== 0;
  return (stats.mode & WRITABLE_BY_OTHERS) !== 0 && !sticky
    ? 'may be written by others'
    : undefined;
}
