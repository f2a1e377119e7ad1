import { it } from 'vitest';
import { mutateAndLoad } from './mutated-secrets.ts';

it('no fault of thousands of mutated configurations has four characters of a secret (#18)', async () => {
  await mutateAndLoad(3000);
}, 600_000);
