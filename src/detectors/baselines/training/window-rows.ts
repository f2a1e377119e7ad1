import { z } from 'zod';

/** The option of baselines that judge a row by itself or together with the rows before it. */
export const windowRows = z
  .int()
  .min(1)
  .max(200)
  .default(1)
  .describe('Rows of a window; 1 judges each row by itself')
  .meta({ unit: 'rows' });
