import type { Logger } from 'pino';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { FreshCredentials } from './credentials/fresh-credentials.ts';
import type { Egress } from './egress/egress.ts';
import type { Metrics } from './metrics.ts';
import type { Upstream } from './models/upstream.ts';
import type { PriceOf } from './models/prices.ts';

/** What every door has in common. */
export interface Services {
  store: Store;
  blobs: Pick<BlobStore, 'put' | 'get' | 'list'>;
  credentials: FreshCredentials;
  egress: Egress;
  upstream: Upstream;
  priceOf: PriceOf;
  metrics: Metrics;
  log: Logger;
}
