// Copies what tsc leaves behind to dist/.
import { copyFileSync } from 'node:fs';

for (const name of ['kernels.wasm', 'kernels-relaxed.wasm']) {
  copyFileSync(
    new URL(`../src/engine/kernels/${name}`, import.meta.url),
    new URL(`../dist/engine/kernels/${name}`, import.meta.url),
  );
}
