// Writes the chart library of the web page from the package uplot: node scripts/vendor-uplot.mjs
// The page loads nothing from elsewhere, and the program has no other use for the package; the licence goes along.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PAGE = new URL('../src/app/web/page/', import.meta.url);

/** Name of a file of the page -> its text. */
export function vendored() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('uplot/package.json'));
  const read = (name) => readFileSync(join(folder, name), 'utf8').trim();
  const { version } = JSON.parse(read('package.json'));
  const head = `/*!\nuPlot ${version}, as its package has it. Written by scripts/vendor-uplot.mjs.\n\n${read('LICENSE')}\n*/\n`;
  const script = read('dist/uPlot.iife.min.js').replace(/^\/\*!.*?\*\/\s*/, '');
  return {
    'uplot.js': `${head}${script}\nexport { uPlot };\n`,
    'uplot.css': `${head}${read('dist/uPlot.min.css')}\n`,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, text] of Object.entries(vendored())) {
    writeFileSync(fileURLToPath(new URL(name, PAGE)), text);
  }
}
