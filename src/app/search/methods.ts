// Every way to search, by name.
import { type Registry, registry } from '../../core/registry.ts';
import { boshnas } from '../../lab/search/boshnas/boshnas.ts';
import type { SearchMethod } from '../../lab/search/contract.ts';
import { rivals } from '../../lab/search/rivals/index.ts';

// A method's options are checked by its own schema before they reach it, so the registry need not know their types.
export const methods: Registry<SearchMethod> = registry<SearchMethod>(
  boshnas as SearchMethod,
  ...rivals.values(),
);
