// `npm test` runs the compiled program, as it is installed, and compiles it once for all tests. From sources, each file is
// translated when it is imported, and each process that a test starts reads TypeScript: twice the processor time.
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const SCRIPT = /\.ts$/;
/** No name of a package. */
const FILE = /^(\.|\/|file:)/;

/** Imports of files in `src/`, also those by scripts that tests import, get the compiled files in their place. */
export function compiledSources(): Plugin {
  let program: Promise<{ readonly PROGRAM: string }> | undefined;
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!(importer && FILE.test(source) && SCRIPT.test(source))) return undefined;
      const file = source.startsWith('file:') ? fileURLToPath(source) : source;
      const path = relative(SOURCES, resolve(dirname(importer), file));
      if (path.startsWith('..')) return undefined;
      // not sooner: the global setup compiles it, after the kernels
      program ??= import('./e2e/program.ts');
      return join(dirname((await program).PROGRAM), path.replace(SCRIPT, '.js'));
    },
  };
}
