/** What the middleware learns about a request on its way down. */
import type { Logger } from 'pino';
import type { Call, Route } from './route.ts';

export interface RequestState {
  requestId: string;
  log: Logger;
  /** From the router on. */
  route: Route;
  /** Who calls, once that is proven: `owner`, `workspace:<id>` or `anyone`. */
  actor: string;
  /** The checked request, ready for the handler. */
  call: Call;
}
