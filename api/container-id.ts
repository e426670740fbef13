import { hostname } from 'node:os';

/** Where this process runs: in a container, the container's id. On every answer, as `X-Container-ID`. */
export const containerId = hostname();
