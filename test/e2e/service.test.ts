import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sentigon } from './sentigon.ts';

it('sentigon service shows what it would do, and does nothing', async () => {
  const install = await sentigon(['service', 'install', '--instance', 'dry-run', '--dry-run']);
  expect(install.code).toBe(0);
  expect(install.stdout).toMatch(/would write \/etc\/sentigon\/dry-run\.yaml/);
  expect(install.stdout).toContain(`ExecStart=${process.execPath} `);
  expect(install.stdout).toMatch(/would run systemctl enable --now sentigon@dry-run\.service/);
  expect(existsSync('/etc/sentigon/dry-run.yaml')).toBe(false);

  const uninstall = await sentigon(['service', 'uninstall', '--instance', 'dry-run', '--dry-run']);
  expect(uninstall.code).toBe(0);
  expect(uninstall.stdout).toMatch(/would run systemctl disable --now sentigon@dry-run\.service/);
});
