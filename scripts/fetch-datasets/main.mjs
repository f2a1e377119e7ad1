// Downloads the public data sets that tests and `sentigon evaluate` read, from their origins at fixed commits:
//   node scripts/fetch-datasets/main.mjs --out DIR [SMD ASD SKAB NAB GON-official TSB-AD-samples]
// Each file is checked by its sha256; where the origin keeps another form than CSV, by the sha256 of its values. A
// file that is there already is not fetched again. The sets keep their own licences and are not part of this project.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, refuse } from '../command-line.mjs';
import { convert } from './convert.mjs';

const ATTEMPTS = 4;

const sets = JSON.parse(readFileSync(new URL('manifest.json', import.meta.url), 'utf8'));
const { values: options, positionals } = commandLine({
  options: { out: { type: 'string', default: process.env.SENTIGON_DATASETS } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !sets.some((set) => set.name === name));
if (unknown.length > 0) {
  const names = sets.map(({ name }) => name).join(' ');
  refuse(`unknown: ${unknown.join(' ')}, expected some of ${names}`);
}
if (!options.out) refuse('found no folder, expected --out DIR');

const failed = [];
for (const { name, licence, files } of sets) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`${name}: ${files.length} files, licence ${licence}`);
  for (const file of files) {
    try {
      console.log(`  ${file.path} ${await fetchFile(file, join(options.out, name, file.path))}`);
    } catch (error) {
      failed.push(`${name}/${file.path}: ${error.message}`);
      console.error(`  ${file.path} FAILED: ${error.message}`);
    }
  }
}
if (failed.length > 0) {
  console.error(`${failed.length} files failed; run the command again to fetch only those`);
  process.exit(1);
}
console.log(`done: name the folder with --data-root ${options.out} or SENTIGON_DATASETS`);

/** Writes under another name first, so that a file that is there is whole. */
async function fetchFile(file, path) {
  if (existsSync(path)) return 'is there';
  const bytes = await download(file.url);
  const content = checked(bytes, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
  return `${content.length} bytes`;
}

function checked(bytes, file) {
  if (file.values) {
    const { values, text } = convert(bytes, file);
    requireEqual(values, file.values, 'values');
    return file.convert ? Buffer.from(text) : bytes;
  }
  // Files that are cut down nowhere else have no checksum here; their reader checks them.
  if (file.sha256)
    requireEqual(createHash('sha256').update(bytes).digest('hex'), file.sha256, 'sha256');
  return bytes;
}

function requireEqual(found, expected, what) {
  if (found !== expected) throw new Error(`${what} ${found}, expected ${expected}`);
}

/** Tries again, later each time, unless the server says that the file is not there. */
async function download(url) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      if (response.status === 404 || attempt === ATTEMPTS)
        throw new Error(`HTTP ${response.status} from ${url}`);
    } catch (error) {
      if (attempt === ATTEMPTS || /HTTP 404/.test(error.message)) throw error;
    }
    await sleep(1000 * 2 ** attempt);
  }
}
