import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Whether pseudo-terminals can be had here: they are what socat makes. */
export const hasSocat = spawnSync('socat', ['-V']).status === 0;

/** Two ends of a serial line without a line. */
export interface PseudoTerminals {
  readonly near: string;
  readonly far: string;
  /** Unplugs it. */
  close(): void;
}

export async function openPseudoTerminals(): Promise<PseudoTerminals> {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-tty-'));
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const pair = spawn(
    'socat',
    [near, far].map((path) => `pty,raw,echo=0,link=${path}`),
  );
  await vi.waitUntil(() => existsSync(near) && existsSync(far), { timeout: 60_000 });
  return {
    near,
    far,
    close() {
      pair.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
