import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { machineRoutes, ownerRoutes } from '../../api/routes/index.ts';
import { openApi } from '../support/api.ts';

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  responses: Record<string, unknown>;
}
type Paths = Record<string, Record<string, Operation>>;

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document, and anyone may read it', async () => {
    await using api = await openApi();
    const { status, body } = await api.call('GET', '/openapi.json', { token: null });
    assert.equal(status, 200);
    const validator = new Validator();
    const { valid, errors } = await validator.validate(body);
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  it('describes every route but itself, with who may call and what can go wrong', async () => {
    await using api = await openApi();
    const paths = (await api.call('GET', '/openapi.json')).body['paths'] as Paths;
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    const routes = [...ownerRoutes, ...machineRoutes].filter(({ path }) => path !== '/openapi.json');
    const declared = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    assert.deepEqual(described.toSorted(), declared.toSorted());

    const create = paths['/vms']?.['post'];
    assert.deepEqual(create?.security, [{ owner: [] }]);
    assert.deepEqual(Object.keys(create?.responses ?? {}), [
      '201',
      '400',
      '401',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
  });

  it('gives every operation a name of its own', () => {
    const names = [...ownerRoutes, ...machineRoutes].map(({ operationId }) => operationId);
    assert.equal(new Set(names).size, names.length);
  });
});
