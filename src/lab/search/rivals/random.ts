// Random search: what every other method has to beat.
import { z } from 'zod';
import type { SearchMethod } from '../contract.ts';
import { oneByOne } from './parts/one-by-one.ts';

const options = z.strictObject({});

/** Each candidate that was not proposed is as likely to be the next. */
export const random: SearchMethod<z.infer<typeof options>> = {
  kind: 'random',
  summary: 'candidates drawn at random, none twice',
  options,
  start: oneByOne((_, __, ledger, random) => ({
    next: () => ({ candidate: ledger.drawFresh(random), reason: 'random' }),
  })),
};
