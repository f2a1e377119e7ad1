// From the name of a plug-in in a configuration to its file. Node resolves packages from the program only, so what a
// package exports is looked up here. A name that leads nowhere is not quoted: faults of a configuration quote nothing.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';

/** The real path of the module that `named` means in the folder of a configuration. Throws `ConfigError`. */
export function resolvePlugin(named: string, folder: string): string {
  const path = /^\.{1,2}\//.test(named) || isAbsolute(named);
  return path ? fileAt(resolve(folder, named)) : packageAt(named, folder);
}

function fileAt(path: string): string {
  if (existsSync(path) && statSync(path).isFile()) return realpathSync(path);
  throw new ConfigError('names a plug-in that is no file, expected the path of an ES module');
}

function packageAt(named: string, folder: string): string {
  const folders = createRequire(join(folder, 'configuration')).resolve.paths(named) ?? [];
  const home = folders.map((each) => join(each, named)).find((each) => existsSync(each));
  if (home === undefined) {
    throw new ConfigError(
      `names a plug-in that is no package in ${folder} or above, expected a package or ./file.mjs: ` +
        `cd ${folder} && npm install it`,
    );
  }
  return fileAt(join(home, entryOf(home, named)));
}

function entryOf(home: string, named: string): string {
  const manifest = manifestAt(join(home, 'package.json'), named);
  const entry = manifest.exports === undefined ? manifest.main : targetOf(manifest.exports);
  if (entry !== undefined || manifest.exports === undefined) return entry ?? 'index.js';
  throw new ConfigError(
    `plug-in ${named}: its package.json exports nothing to import, expected "exports": "./index.mjs"`,
  );
}

interface Manifest {
  readonly main?: string;
  readonly exports?: unknown;
}

function manifestAt(path: string, named: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest; // npm has read it before
  } catch (cause) {
    throw new ConfigError(`plug-in ${named}: ${path} cannot be read: install it again`, { cause });
  }
}

const CONDITIONS: ReadonlySet<string> = new Set(['.', 'node', 'import', 'module-sync', 'default']);

/** As Node does: the first condition that holds and leads somewhere. */
function targetOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  if (typeof exported !== 'object' || exported === null) return undefined;
  for (const [condition, target] of Object.entries(exported)) {
    const found = CONDITIONS.has(condition) ? targetOf(target) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
