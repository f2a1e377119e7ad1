// Plug-ins of a configuration: found by name, checked for who may change their files, loaded.
import { existsSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../core/errors.ts';
import { importPlugin, type PluginModule } from '../../core/plugin-module.ts';
import type { LoadedPlugin } from './kinds.ts';

export interface Plugged {
  readonly module: PluginModule;
  readonly plugin: LoadedPlugin;
}

/** Loads what a configuration in `folder` calls `named`. Throws `ConfigError` when it cannot be found, trusted or loaded. */
export async function loadPlugin(named: string, folder: string): Promise<Plugged> {
  const path = resolvePlugin(named, folder);
  requireTrusted(path, named);
  const place = { named, url: pathToFileURL(path).href };
  const { mtimeMs, size } = statSync(path);
  const module = await importPlugin(place);
  return {
    module,
    plugin: { ...place, name: module.name, brings: bringsOf(module), stamp: `${mtimeMs} ${size}` },
  };
}

function bringsOf({ sources, sinks, detectors, thresholds }: PluginModule): string[] {
  const lists = { source: sources, sink: sinks, detector: detectors, threshold: thresholds };
  return Object.entries(lists).flatMap(([what, list]) => list.map(({ kind }) => `${what} ${kind}`));
}

const WRITABLE_BY_OTHERS = 0o022;
/** In a folder with this bit, e.g. /tmp, users may rename only their own files. */
const STICKY = 0o1000;

/** `path` is a real path. Throws `ConfigError` when another user could replace its code, by any folder above it. */
export function requireTrusted(path: string, named: string, user = process.getuid?.()): void {
  if (user === undefined) return; // a system without such modes
  for (let place = path; ; place = dirname(place)) {
    const doubt = doubtOf(statSync(place), user);
    if (doubt !== undefined) {
      throw new ConfigError(
        `plug-in ${named}: ${place} ${doubt}, expected that only root and the user who runs the daemon may write there: ` +
          `sudo chown root ${place} && sudo chmod go-w ${place}`,
        { code: 'SEN_CFG_PLUGIN_UNTRUSTED' },
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
    ? 'is writable by other users'
    : undefined;
}

/** The real path of the module that `named` means in the folder of a configuration. Throws `ConfigError`. */
function resolvePlugin(named: string, folder: string): string {
  const path = /^\.{1,2}\//.test(named) || isAbsolute(named);
  return path ? fileAt(resolve(folder, named)) : packageAt(named, folder);
}

function fileAt(path: string): string {
  if (existsSync(path) && statSync(path).isFile()) return realpathSync(path);
  throw new ConfigError('names a plug-in that is not a file, expected the path of an ES module', {
    code: 'SEN_CFG_PLUGIN_MISSING',
  });
}

function packageAt(named: string, folder: string): string {
  const folders = createRequire(join(folder, 'configuration')).resolve.paths(named) ?? [];
  const home = folders.map((each) => join(each, named)).find((each) => existsSync(each));
  if (home === undefined) {
    throw new ConfigError(
      `names a plug-in that is not a package in ${folder} or above, expected a package or ./file.mjs: ` +
        `cd ${folder} && npm install it`,
      { code: 'SEN_CFG_PLUGIN_MISSING' },
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
    { code: 'SEN_CFG_PLUGIN_PACKAGE' },
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
    throw new ConfigError(`plug-in ${named}: ${path} cannot be read: install it again`, {
      code: 'SEN_CFG_PLUGIN_PACKAGE',
      cause,
    });
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
