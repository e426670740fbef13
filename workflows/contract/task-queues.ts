/** Where work waits for a worker. One queue until runner workers, which scale apart, arrive with a queue of their own. */
export const controlPlaneQueue = 'control-plane';
