// results/search/PROFILER.md: what was found of profiles, of transfer and of growth, from the JSON files beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { growthSection } from './page/growth.ts';
import { errorsSection, familiesSection, raceSection } from './page/profiler.ts';
import { transferSection } from './page/transfer.ts';

const HEAD = `# Profiles, transfer and growth

Written by the commands that stand over each table; no figure is written by hand.
`;

/** Files of results, of which one must be there, and the section that they make. */
const SECTIONS: readonly (readonly [
  files: readonly string[],
  section: (...contents: never[]) => string,
])[] = [
  [['profiler-errors.json'], errorsSection],
  [['profile-families.json'], familiesSection],
  [['profiler-race.json'], raceSection],
  [['transfer.json', 'transfer-cnn.json'], transferSection],
  [['growth.json', 'growth-cnn.json'], growthSection],
];

/** Writes a file of results into the folder, and the page of all that are there. */
export function writeResults(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), `${JSON.stringify(content, undefined, 1)}\n`);
  const sections = SECTIONS.flatMap(([files, section]) => {
    const contents = files.map((name) => readBeside(folder, name));
    return contents.some((one) => one !== undefined) ? section(...(contents as never[])) : []; // our own files
  });
  writeFileSync(join(folder, 'PROFILER.md'), `${HEAD}\n${sections.join('\n')}`);
}

function readBeside(folder: string, name: string): unknown {
  const path = join(folder, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
