import type { Quiet } from './quiet.ts';

export interface QuietWatch {
  /** Looks at once, instead of with the next second. */
  look(): void;
  close(): void;
}

/** How late the end of a silence may be noticed, milliseconds. */
const EVERY_MS = 1000;

/**
 * Calls `onChange` when a silence or a maintenance window has begun or ended, and once in the beginning. When that
 * throws, `onFault` is told and the next look tries again.
 */
export function watchQuiet(
  quiet: Quiet,
  streamIds: () => readonly string[],
  { onChange, onFault }: { onChange(): void; onFault(error: Error): void },
): QuietWatch {
  let seen: string | undefined;
  const look = (): void => {
    const found = streamIds()
      .map((id) => `${id} ${quiet.silencedUntilMs(id)} ${quiet.maintenance(id)}`)
      .join('\n');
    if (found === seen) return;
    try {
      onChange();
      seen = found;
    } catch (error) {
      onFault(error as Error);
    }
  };
  const timer = setInterval(look, EVERY_MS).unref();
  return { look, close: () => clearInterval(timer) };
}
