import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SCRIPT = new URL('../scripts/layers.mjs', import.meta.url).pathname;

function layersOf(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    symlinkSync(new URL('../node_modules', import.meta.url).pathname, join(root, 'node_modules'));
    const script = `import(${JSON.stringify(SCRIPT)}).then(async ({ checkLayers }) => console.log(JSON.stringify(await checkLayers())))`;
    return JSON.parse(
      execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' }),
    ).violations;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

// that the whole house is in order is what `npm run check` says
describe('layer rules', () => {
  it('find an arrow upwards, a sibling, a node module in a pure layer, a package away from home, and who loads what learns', () => {
    const violations = layersOf({
      'src/core/a.ts': "import '../io/sinks/b.ts';\nexport const a = 1;\n",
      'src/io/sinks/b.ts': "import '../sources/c.ts';\nexport const b = 1;\n",
      'src/io/sources/c.ts':
        "import { Command } from 'commander';\nexport const c = new Command();\n",
      'src/engine/d.ts':
        "import { readFileSync } from 'node:fs';\nimport '../core/a.ts';\nexport const d = readFileSync;\n",
      'src/app/config/a.ts': "import '../web/b.ts';\nexport const a = 1;\n",
      'src/app/web/b.ts': "import '../../detectors/gon/train.ts';\nexport const b = 1;\n",
      'src/app/log.ts': "import './config/a.ts';\nexport const log = 1;\n",
      'src/app/extra/c.ts': "import '../log.ts';\nexport const c = 1;\n",
      'src/detectors/gon/train.ts': 'export const train = 1;\nexport type Train = number;\n',
      'src/detectors/gon/gon.ts':
        "import type { Train } from './train.ts';\nexport const gon = (n: Train) => import('./train.ts');\n",
      'src/detectors/cnn/cnn.ts':
        "import { train } from '../gon/train.ts';\nexport const cnn = train;\n",
    });
    const expected = [
      /^R1 core .*src\/core\/a\.ts -> src\/io\/sinks\/b\.ts/,
      /^R2 .*src\/io\/sinks\/b\.ts -> src\/io\/sources\/c\.ts/,
      /^R3 .*src\/engine\/d\.ts -> (node:)?fs/,
      /^R5 commander .*src\/io\/sources\/c\.ts/,
      /^R2 a detector .*cnn\/cnn\.ts -> src\/detectors\/gon\/train\.ts/,
      /^R2 app\/config .*config\/a\.ts -> src\/app\/web\/b\.ts/,
      /^R2 each room .*extra\/c\.ts/,
      /^R2 what lies loose .*app\/log\.ts -> src\/app\/config\/a\.ts/,
      /^R6 a running daemon .*web\/b\.ts -> /,
      /^R6 what scores .*cnn\/cnn\.ts -> /,
    ];
    for (const rule of expected) expect(violations).toContainEqual(expect.stringMatching(rule));
    // and no other of these rules
    expect(violations.filter((line) => /^R[26]/.test(line))).toHaveLength(7);
  });
});
