/** The machine image's name follows from its content. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageNameOf, machineRecipe } from '../../local-cloud/recipe.ts';

describe('the recipe of the machine image', () => {
  it('holds all that its Dockerfile copies', () => {
    const { files } = machineRecipe();
    const dockerfile = files.find(({ name }) => name === 'Dockerfile')?.content ?? '';
    const copied = [...dockerfile.matchAll(/^COPY ([\w.-]+) /gm)].map(([, name]) => name);
    const given = files.map(({ name }) => name);
    assert.deepEqual(
      copied.filter((name) => name !== 'devcontainer-base.tar' && !given.includes(name ?? '')),
      [],
    );
    assert.ok(copied.length >= 4);
  });

  it('gives the same name for the same content, and another for any change', () => {
    const { files, imageName } = machineRecipe();
    assert.equal(imageNameOf(files), imageName);
    const names = files.map((changed) =>
      imageNameOf(files.map((file) => (file === changed ? { ...file, content: `${file.content} ` } : file))),
    );
    assert.equal(new Set([imageName, ...names]).size, files.length + 1);
  });
});
