/** The gateway as a whole: doors, what is behind them, and its ear for the rest of Pawl. */
import { once } from 'node:events';
import type { Logger } from 'pino';
import { resolveBySystem } from '../network/resolve.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { GatewaySettings } from './config.ts';
import { serveControl } from './control/control-server.ts';
import { createCredentialChecks } from './credentials/credential-checks.ts';
import { createFreshCredentials } from './credentials/fresh-credentials.ts';
import { createExchange } from './credentials/oauth-exchange.ts';
import { createDoorkeeper } from './doors/doorkeeper.ts';
import { createEgress } from './egress/egress.ts';
import type { EgressOptions } from './egress/egress.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { createPrices } from './models/prices.ts';
import { createUpstream } from './models/upstream.ts';
import { checkSocketPaths } from './places.ts';

/** How often the doors are compared with the store, for changes that nobody told. */
const alignMs = 2_000;

export interface GatewayParts {
  settings: Omit<GatewaySettings, 'GATEWAY_METRICS_ADDRESS' | 'DATABASE_URL' | 'LOG_LEVEL'>;
  hostId: string;
  store: Store;
  blobs: Pick<BlobStore, 'put' | 'get' | 'list'>;
  log: Logger;
  /** Only tests reach the outside in another way. */
  egress?: Partial<EgressOptions>;
}

export interface Gateway {
  metrics: Metrics;
  close(): Promise<void>;
}

/** Opens this host's doors; resolves when all of them listen. Rejects with `SettingsError` when the home is too long. */
export async function startGateway({ settings, hostId, store, blobs, log, egress }: GatewayParts): Promise<Gateway> {
  const home = settings.PAWL_HOME;
  checkSocketPaths(home);
  const metrics = createMetrics();
  const exchange = createExchange({
    tokenUrl: settings.ANTHROPIC_OAUTH_TOKEN_URL,
    clientId: settings.ANTHROPIC_OAUTH_CLIENT_ID,
  });
  const upstream = createUpstream(settings);
  const fresh = createFreshCredentials({ credentials: store.credentials, exchange, metrics, log });
  const doorkeeper = createDoorkeeper(
    {
      ...{ store, blobs, upstream, metrics, log },
      credentials: fresh,
      egress: createEgress({ ...egressOptions(settings), ...egress }),
      priceOf: createPrices(settings.MODEL_PRICES),
    },
    home,
    hostId,
  );
  await doorkeeper.alignAll();
  const timer = setInterval(() => {
    doorkeeper.alignAll().catch((error: unknown) => log.error({ err: error }, 'the doors could not be compared'));
  }, alignMs);
  const checks = createCredentialChecks({ credentials: store.credentials, fresh, upstream, log });
  const control = await serveControl(home, { doorkeeper, checks }, log);
  return {
    metrics,
    async close() {
      clearInterval(timer);
      const closed = once(control, 'close');
      control.close();
      control.closeAllConnections();
      await closed;
      await doorkeeper.stop();
      await upstream.close();
    },
  };
}

function egressOptions(settings: GatewayParts['settings']): EgressOptions {
  return {
    allow: settings.EGRESS_ALLOW,
    allowPrivate: settings.EGRESS_ALLOW_PRIVATE,
    limits: { maxBytes: settings.EGRESS_TUNNEL_MB * 1024 ** 2, maxMs: settings.EGRESS_TUNNEL_MINUTES * 60_000 },
    resolve: resolveBySystem,
    port: 443,
  };
}
