// The registry of compressions.
import { type Registry, registry } from '../../core/registry.ts';
import type { Compression } from './contract.ts';
import { dynatran } from './dynatran/dynatran.ts';
import { memorySpan } from './gon/memory-span.ts';
import { magnitude, modegpt, svd } from './modegpt/modegpt.ts';
import { rotation } from './modegpt/rotation.ts';

// A schema checks the options of a compression before it gets them, so the registry does not need their types.
export const compressions: Registry<Compression> = registry<Compression>(
  modegpt as Compression,
  magnitude as Compression,
  svd as Compression,
  rotation as Compression,
  memorySpan as Compression,
  dynatran as Compression,
);
