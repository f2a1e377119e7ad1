// The pieces of a recording on disk, until they are complete and become train, test and labels.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cutRows, joinRows, withService } from './rows.mjs';

const FOLDER = 'pieces';
const LABELS_HEADER = 'start,end,kind,channels';

/** Makes the folder of the pieces. Throws where a recording is there, or pieces that were begun with another plan. */
export function requirePlan(out, plan) {
  if (existsSync(join(out, 'labels.csv')) && !existsSync(join(out, FOLDER))) {
    throw new Error(
      `${out} holds a recording that is complete: choose another --out, or remove it`,
    );
  }
  const path = join(out, FOLDER, 'plan.json');
  const text = JSON.stringify(plan);
  mkdirSync(join(out, FOLDER), { recursive: true });
  if (!existsSync(path)) writeFileSync(path, text);
  const begun = readFileSync(path, 'utf8');
  if (begun === text) return;
  throw new Error(
    `${out} holds pieces of ${begun}, asked for is ${text}: choose another --out, or remove ${join(out, FOLDER)}`,
  );
}

export function isSaved(out, index) {
  return existsSync(pathOf(out, index));
}

/** Keeps the rows of `path` in [fromMs, toMs); `seconds` are those of `withService`. Complete or not there at all. */
export function savePiece(out, index, { path, fromMs, toMs, labels, seconds }) {
  const cut = cutRows(readFileSync(path, 'utf8'), fromMs, toMs);
  const piece = { ...(seconds ? withService(cut, seconds) : cut), labels };
  const begun = `${pathOf(out, index)}.begun`;
  writeFileSync(begun, JSON.stringify(piece), { flush: true });
  renameSync(begun, pathOf(out, index));
}

/** Writes train.csv.gz, test.csv.gz and labels.csv from all pieces, and removes these. */
export function assemble(out, plan) {
  const pieces = plan.map(({ part }, index) => ({
    part,
    ...JSON.parse(readFileSync(pathOf(out, index), 'utf8')),
  }));
  for (const part of ['train', 'test']) {
    const text = joinRows(pieces.filter((piece) => piece.part === part));
    writeFileSync(join(out, `${part}.csv.gz`), gzipSync(text, { level: 9 }));
  }
  const labels = [LABELS_HEADER, ...pieces.flatMap((piece) => piece.labels)];
  writeFileSync(join(out, 'labels.csv'), `${labels.join('\n')}\n`);
  rmSync(join(out, FOLDER), { recursive: true });
}

function pathOf(out, index) {
  return join(out, FOLDER, `${String(index + 1).padStart(2, '0')}.json`);
}
