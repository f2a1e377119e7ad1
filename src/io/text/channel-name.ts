import type { Channel } from '../../core/sample.ts';

/** Reads `cpu.user[%]`: a channel and its unit as in CSV headers and options. */
export function parseChannel(text: string): Channel {
  const match = /^(.*?)\s*\[([^[\]]*)\]$/.exec(text.trim());
  return match ? { id: match[1] ?? '', unit: match[2] ?? '' } : { id: text.trim(), unit: '' };
}

/** Writes a channel so that `parseChannel` reads it back. */
export function formatChannel(channel: Channel): string {
  return channel.unit === '' ? channel.id : `${channel.id}[${channel.unit}]`;
}
