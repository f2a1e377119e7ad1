// Writes the generated tables of the README: npm run readme. A test holds the README to what this would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { jsonSchemaOf } from '../src/app/config/json-schema.ts';
import { configSchema } from '../src/app/config/schema.ts';
import { markdownTable } from '../src/app/config/table.ts';
import { readResults } from '../src/app/evaluate/result-files.ts';
import { errorCodes } from '../src/app/exit-codes.ts';
import { comparison } from '../src/lab/evaluation/result-table.ts';
import { figuresTable, readFigures } from './hostile-figures.ts';
import { ranked } from './results.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const RESULTS = fileURLToPath(new URL('../results', import.meta.url));
const HOSTILE = fileURLToPath(new URL('../results/hostile/figures.json', import.meta.url));

const tables: Readonly<Record<string, () => string>> = {
  options: () => markdownTable(jsonSchemaOf(configSchema)),
  results: () => comparison(ranked(readResults(RESULTS)), 'vusPr', 'markdown'),
  hostile: () => figuresTable(readFigures(HOSTILE)),
  errors: () =>
    [
      '| code | meaning |',
      '|---|---|',
      ...Object.entries(errorCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`),
    ].join('\n'),
};

/** The README with each block between `<!-- name: ... -->` and `<!-- end -->` written anew. */
export function withTables(readme: string): string {
  return readme.replace(
    /(<!-- (\w+): written by npm run readme -->\n)[\s\S]*?(<!-- end -->)/g,
    (block, head: string, name: string, end: string) => {
      const write = tables[name];
      return write ? `${head}\n${write()}\n\n${end}` : block;
    },
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(README, withTables(readFileSync(README, 'utf8')));
}
