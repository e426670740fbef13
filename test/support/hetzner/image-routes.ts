/** `/images` of the fake cloud, and how they are made of servers. */
import { z } from 'zod';
import { serverTypes } from './catalogue.ts';
import { beginAction } from './fake-actions.ts';
import { page, shown } from './listing.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './route.ts';
import { checkLabels } from './rules.ts';
import { unlocked } from './server-routes.ts';
import { newThing, thingBy } from './state.ts';
import type { FakeServer, FakeSnapshot, FakeState } from './state.ts';
import { actionView, snapshotView } from './views.ts';

const NewSnapshot = z.object({
  type: z.literal('snapshot'),
  description: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
});

export const imageRoutes: Record<string, Route> = {
  'GET /images': (state, { query }) => {
    const snapshots = query['type'] === 'snapshot' ? shown(state, state.snapshots, query) : [];
    return { status: 200, body: page(state, 'images', snapshots.map(snapshotView), query) };
  },
  'GET /images/:id': (state, { id }) => ({ status: 200, body: { image: snapshotView(thingBy(state.snapshots, id)) } }),
  'POST /servers/:id/actions/create_image': (state, { id, body }) => {
    const server = unlocked(state, thingBy(state.servers, id));
    const { description, labels } = NewSnapshot.parse(body);
    checkLabels(labels);
    const snapshot = beginSnapshot(state, server, description, labels);
    const action = beginAction(state, 'create_image', server, (isOk) => {
      snapshot.status = isOk ? 'available' : 'unavailable';
    });
    return { status: 201, body: { image: snapshotView(snapshot), action: actionView(state)(action) } };
  },
  'DELETE /images/:id': (state, { id }) => {
    const snapshot = thingBy(state.snapshots, id);
    if (snapshot.isProtected) throw new Refusal(403, 'protected', 'resource is protected');
    if (snapshot.status === 'creating') throw new Refusal(423, 'locked', 'image is locked');
    snapshot.goneAt = state.clock;
    return { status: 204 };
  },
};

function beginSnapshot(
  state: FakeState,
  server: FakeServer,
  name: string,
  labels: Record<string, string>,
): FakeSnapshot {
  const type = serverTypes.find((one) => one.name === server.type);
  const architecture = type?.architecture === 'arm' ? 'arm' : 'x86';
  const sizes = { sizeGb: 2.3, diskGb: type?.disk ?? 0 };
  const snapshot: FakeSnapshot = { ...newThing(state, name, labels), status: 'creating', architecture, ...sizes };
  state.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}
