// Releases as their makers leave them: files, a manifest, a signature, a real key.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { manifestOf, publicHalf, writeSigned } from '../../../scripts/release-manifest.mjs';

const ABOUT = {
  notes: 'Mends the counting of things.',
  minNode: '20.19.0',
  releasedAt: '2026-11-26T12:00:00.000Z',
};

/** Signs what lies in `folder` with a new key; returns the key's halves. */
export function signRelease(
  folder: string,
  version: string,
  changes: object = {},
): { readonly key: string; readonly privateKey: KeyObject } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const manifest = { ...manifestOf(folder, { ...ABOUT, version }), ...changes };
  writeSigned(folder, manifest, privateKey);
  return { key: publicHalf(privateKey), privateKey };
}

/** A file of this name and of so many bytes, none like the other. */
export function writeFile(folder: string, name: string, bytes = 100_000): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 31) % 251)));
  return path;
}

export interface Served {
  readonly url: string;
  /** Requests as `<path> <range>`. */
  readonly asked: string[];
  /** Sends so many bytes of a package, and hangs up when `cut` resolves; once. */
  hangUp: { readonly bytes: number; readonly cut: () => Promise<unknown> } | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Serves `folder`, ranges included. */
export async function serve(folder: string, { ranges = true } = {}): Promise<Served> {
  const served: Mutable<Served> = { url: '', asked: [], hangUp: undefined };
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    const from = ranges ? Number(headers.range?.match(/\d+/)?.[0] ?? 0) : 0;
    served.asked.push(`${url} ${headers.range ?? ''}`.trim());
    answer(response, join(folder, url), from, url.includes('release.json') ? undefined : served);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
}

function answer(response: ServerResponse, path: string, from: number, served?: Served): void {
  if (!existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  const content = readFileSync(path).subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length });
  if (served?.hangUp === undefined) {
    response.end(content);
    return;
  }
  const { bytes, cut } = served.hangUp;
  served.hangUp = undefined;
  response.write(content.subarray(0, bytes));
  void cut().finally(() => response.destroy());
}
