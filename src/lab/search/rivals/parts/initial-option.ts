import { z } from 'zod';

/** Of the rivals that begin with random candidates; ten is what naszilla begins with. */
export const initialOption = z
  .int()
  .min(2)
  .default(10)
  .describe('Candidates drawn at random before the method takes over')
  .meta({ unit: 'candidates' });
