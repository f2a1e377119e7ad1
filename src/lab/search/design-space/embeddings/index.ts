// How designs become coordinates. A new embedding is one file and one word here.
import { registry } from '../../../../core/registry.ts';
import { authors } from './authors.ts';
import { learned } from './learned.ts';
import { oneHot } from './one-hot.ts';

export const embeddings = registry(oneHot, authors, learned);
