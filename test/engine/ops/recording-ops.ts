import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../src/engine/ops/', import.meta.url);

/** Every operation of `engine/ops` that records steps on a tape, in kebab case, ascending. */
export function recordingOps(): readonly string[] {
  return readdirSync(FOLDER)
    .flatMap((file) => [
      ...readFileSync(new URL(file, FOLDER), 'utf8').matchAll(
        /^export function (\w+)\(\s*tape: Tape/gm,
      ),
    ])
    .map(([, name = '']) => kebab(name))
    .sort();
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
