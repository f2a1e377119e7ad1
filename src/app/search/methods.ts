// Every way to search, by name.
import { type Registry, registry } from '../../core/registry.ts';
import type { SearchMethod } from '../../lab/search/contract.ts';
import { rivals } from '../../lab/search/rivals/index.ts';

export const methods: Registry<SearchMethod> = registry<SearchMethod>(...rivals.values());
