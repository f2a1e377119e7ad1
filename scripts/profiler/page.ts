// results/search/PROFILER.md: what was found of profiles, of transfer and of growth, from the JSON files beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { growthSection } from './page/growth.ts';
import { errorsSection, raceSection } from './page/profiler.ts';
import { cnnTransferSection, transferSection } from './page/transfer.ts';

const HEAD = `# Profiles, transfer and growth

Written by the commands that stand over each table; no figure is written by hand.
`;

/** File of the results, and the section that it makes. */
const SECTIONS: readonly (readonly [file: string, section: (content: never) => string])[] = [
  ['profiler-errors.json', errorsSection],
  ['profiler-race.json', raceSection],
  ['transfer.json', transferSection],
  ['transfer-cnn.json', cnnTransferSection],
  ['growth.json', growthSection],
];

/** Writes a file of results into the folder, and the page of all that are there. */
export function writeResults(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), `${JSON.stringify(content, undefined, 1)}\n`);
  const sections = SECTIONS.flatMap(([name, section]) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    return section(JSON.parse(readFileSync(path, 'utf8')) as never); // our own file
  });
  writeFileSync(join(folder, 'PROFILER.md'), `${HEAD}\n${sections.join('\n')}`);
}
