// Writes the figures of a recording (files, rows, times, checksums) into the README beside it:
//   node scripts/record-host-faults/describe.mjs datasets/host-quiet
// They stand between <!-- recorded --> and <!-- end -->.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { commandLine, refuse } from '../command-line.mjs';

const FILES = ['train.csv.gz', 'test.csv.gz', 'labels.csv'];
const BLOCK = /(<!-- recorded -->\n)[\s\S]*?(<!-- end -->)/;

/**
 * The table of the files in `folder`.
 * @param {string} folder
 * @returns {string}
 */
export function figuresOf(folder) {
  const rows = FILES.map((name) => {
    const bytes = readFileSync(join(folder, name));
    const lines = textOf(name, bytes).trimEnd().split('\n').slice(1);
    const [first, last] = [lines[0], lines.at(-1)].map((line) =>
      new Date(Number.parseInt(line ?? '', 10)).toISOString().slice(0, 19),
    );
    const hash = createHash('sha256').update(bytes).digest('hex');
    return `| \`${name}\` | ${lines.length} | ${first} | ${last} | \`${hash}\` |`;
  });
  return ['| file | rows | first, UTC | last | SHA-256 |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function textOf(name, bytes) {
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals } = commandLine({ allowPositionals: true });
  const [folder] = positionals;
  if (!folder) refuse('found no folder, expected that of a recording, e.g. datasets/host-quiet');
  const path = join(folder, 'README.md');
  const readme = readFileSync(path, 'utf8');
  if (!BLOCK.test(readme)) refuse(`found no <!-- recorded --> in ${path}, expected the block`);
  writeFileSync(path, readme.replace(BLOCK, `$1\n${figuresOf(folder)}\n\n$2`));
}
