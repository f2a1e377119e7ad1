import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '../../temp-folder.ts';

/** `root`, with those files in it; a text that begins with `-> ` makes a symbolic link. */
export function sysTree(files: Readonly<Record<string, string>>, root = tempFolder()): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
    else writeFileSync(file, text);
  }
  return root;
}
