// Size and order of the sources: how many files, how long, how many lie loose. Prints the figures; fails beyond a limit.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file of so many lines or fewer is short: what is read together stands together. */
const SHORT_LINES = 30;

/** To be lowered as files are merged, never raised; the goal for short files is 10 %. */
const LIMITS = {
  shortFilesPercent: 12,
  longestLines: 300,
  looseFiles: { io: 5, lab: 5, app: 5 },
};

/** Figures of the TypeScript files below the folder `src`, and what is beyond a limit, a line each. */
export function checkHouse(src, limits = LIMITS) {
  const paths = readdirSync(src, { recursive: true }).filter((path) => path.endsWith('.ts'));
  const files = paths.map((path) => ({ path, lines: linesOf(join(src, path)) }));
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const short = files.filter((file) => file.lines <= SHORT_LINES).length;
  const longest = files.reduce((most, file) => (file.lines > most.lines ? file : most));
  const loose = looseFiles(paths);
  const shortPercent = (100 * short) / files.length;
  return {
    figures: {
      files: files.length,
      lines,
      short,
      shortPercent,
      longest,
      loose: Object.fromEntries(
        Object.entries(loose).map(([layer, { length }]) => [layer, length]),
      ),
    },
    faults: [
      ...(shortPercent > limits.shortFilesPercent
        ? [
            `${short} of ${files.length} files have ${SHORT_LINES} lines or fewer, ${shortPercent.toFixed(1)} %: at most ${limits.shortFilesPercent} % may; put together what is read together`,
          ]
        : []),
      ...files
        .filter((file) => file.lines > limits.longestLines)
        .map(
          (file) =>
            `${file.path} has ${file.lines} lines: at most ${limits.longestLines} may be; divide it`,
        ),
      ...Object.entries(limits.looseFiles)
        .filter(([layer, most]) => (loose[layer]?.length ?? 0) > most)
        .map(
          ([layer, most]) =>
            `${loose[layer].length} files lie loose in ${layer}: at most ${most} may; give them a folder (${loose[layer].join(', ')})`,
        ),
    ],
  };
}

/** Layer -> its files that lie in no folder of it. */
function looseFiles(paths) {
  const loose = {};
  for (const path of paths) {
    const [layer, name, ...deeper] = path.split('/');
    if (name === undefined) continue;
    loose[layer] ??= [];
    if (deeper.length === 0) loose[layer].push(name);
  }
  return loose;
}

function linesOf(path) {
  return readFileSync(path, 'utf8').replace(/\n$/, '').split('\n').length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { figures, faults } = checkHouse('src');
  const { files, lines, short, shortPercent, longest, loose } = figures;
  console.error(
    `house: ${files} files, ${lines} lines, ${short} files of ${SHORT_LINES} lines or fewer (${shortPercent.toFixed(1)} %), longest ${longest.path} with ${longest.lines}`,
  );
  const counts = Object.entries(loose).map(([layer, count]) => `${layer} ${count}`);
  console.error(`house: loose files: ${counts.sort().join(', ')}`);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
}
