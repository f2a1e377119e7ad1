// A sink for people with the options of a test, and an outbox that sends to it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Sink } from '../../../src/core/sink.ts';
import { sinks } from '../../../src/io/sinks/index.ts';
import type { SinkContext } from '../../../src/io/sinks/sink-plugin.ts';
import { makeCertificates } from '../mosquitto.ts';
import { tempFolder } from '../temp-folder.ts';
import type { Certificate } from './receivers.ts';

export function openSink(kind: string, options: object, more: Partial<SinkContext> = {}): Sink {
  const plugin = sinks.get(kind);
  if (!plugin) throw new RangeError(`no sink ${kind}`);
  const context: SinkContext = { node: 'pi', version: '1', streams: [], log: () => undefined };
  const sink = plugin.create(plugin.options.parse(options), { ...context, ...more });
  onTestFinished(() => sink.close());
  return sink;
}

export function secretFile(text: string): string {
  const path = join(tempFolder(), 'secret');
  writeFileSync(path, `${text}\n`);
  return path;
}

/** A server certificate for 127.0.0.1, and the file of the authority that has signed it. */
export function certified(): Certificate & { readonly ca: string } {
  const folder = tempFolder();
  makeCertificates(folder);
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return { cert: read('server.pem'), key: read('server.key'), ca: join(folder, 'ca.pem') };
}
