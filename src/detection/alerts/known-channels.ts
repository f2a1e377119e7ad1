import { ConfigError } from '../../core/errors.ts';
import type { Channel } from '../../core/sample.ts';

export interface Named {
  readonly streamId: string;
  readonly channels: readonly Channel[];
}

/** Throws `ConfigError` if limits, which `what` calls by name, are set for a channel the stream does not have. */
export function requireKnown(what: string, limits: object, { streamId, channels }: Named): void {
  const known = new Set(channels.map(({ id }) => id));
  const unknown = Object.keys(limits).filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new ConfigError(
    `${what} limits name ${unknown.join(', ')}, which stream '${streamId}' does not have: choose from ${[...known].join(', ')}`,
  );
}
