// Writes the generated parts of README.md, docs/*.md and src/README.md, and the pictures that they show: npm run readme
// A test holds the files to what this would write. docs/page.webp is made by scripts/page-picture.mjs, which needs a browser.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jsonSchemaOf } from '../src/app/config/json-schema.ts';
import { configSchema } from '../src/app/config/schema.ts';
import { markdownTable } from '../src/app/config/table.ts';
import { readResults } from '../src/app/evaluate/result-files.ts';
import { errorCodes } from '../src/app/process/exit-codes.ts';
import { plot } from '../src/lab/evaluation/result-plot.ts';
import type { ResultRow } from '../src/lab/evaluation/result-row.ts';
import { comparison } from '../src/lab/evaluation/result-table.ts';
import { codesTables } from './documents/codes.ts';
import { developerPages, documents, REPOSITORY, readDocument } from './documents/files.ts';
import { figuresTable, readFigures } from './hostile-figures.ts';
import { drawing, folderTable } from './layers.mjs';
import { flowPicture } from './pictures/flow.ts';
import { ranked } from './results.ts';

const RESULTS = join(REPOSITORY, 'results');

/** What the README shows of all detectors: ours, the best of each family of simple ones, the published GON, and chance. */
const FEW = [
  ...['gon', 'forecaster', 'pca-windows', 'knn-windows', '1nn'],
  ...['isolation-forest', 'gon-official', 'random'],
];

const parts: Readonly<Record<string, () => string>> = {
  options: () => markdownTable(jsonSchemaOf(configSchema)),
  few: () => comparison(few(), 'vusPr', 'markdown'),
  results: () => comparison(ranked(readResults(RESULTS)), 'vusPr', 'markdown'),
  hostile: () => figuresTable(readFigures(join(RESULTS, 'hostile/figures.json'))),
  errors: () =>
    [
      '| code | meaning |',
      '|---|---|',
      ...Object.entries(errorCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`),
    ].join('\n'),
  codes: codesTables,
  layers: drawing,
  folders: folderTable,
};

/** Path below the repository -> SVG. */
export const pictures: Readonly<Record<string, () => string>> = {
  'docs/flow.svg': flowPicture,
  'docs/vus-pr.svg': () => plot(few(), 'vusPr', 'VUS-PR, mean over the series of a set'),
};

/** `text` with each block between `<!-- name: ... -->` and `<!-- end -->` written anew. */
export function withParts(text: string): string {
  return text.replace(
    /(<!-- (\w+): written by npm run readme -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, head: string, name: string, end: string) => {
      const write = parts[name];
      if (!write) throw new Error(`found '${name}', expected ${Object.keys(parts).join(', ')}`);
      return `${head}\n${write()}\n\n${end}`;
    },
  );
}

function few(): readonly ResultRow[] {
  const rows = ranked(readResults(RESULTS));
  return FEW.flatMap((name) => rows.filter(({ detector }) => detector === name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const path of [...documents(), ...developerPages()]) {
    writeFileSync(join(REPOSITORY, path), withParts(readDocument(path)));
  }
  for (const [path, draw] of Object.entries(pictures))
    writeFileSync(join(REPOSITORY, path), draw());
}
