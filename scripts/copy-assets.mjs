// Copies what tsc leaves behind to dist/, or to the folder that is named.
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const output = process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url));

for (const name of ['kernels.wasm', 'kernels-relaxed.wasm']) {
  copyFileSync(join(SOURCES, 'engine/kernels', name), join(output, 'engine/kernels', name));
}

const PAGE = 'app/web/page';
rmSync(join(output, PAGE), { recursive: true, force: true }); // what is gone from the sources is not served
cpSync(join(SOURCES, PAGE), join(output, PAGE), { recursive: true });
