/** An image's name follows from its content. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentRecipe, imageNameOf, machineRecipe } from '../../local-cloud/recipe.ts';

const recipes = { machine: machineRecipe(), agent: agentRecipe(['claude', 'codex']) };

for (const [kind, recipe] of Object.entries(recipes)) {
  describe(`the recipe of the ${kind} image`, () => {
    it('holds all that its Dockerfile copies', () => {
      const dockerfile = recipe.files.find(({ name }) => name === 'Dockerfile')?.content ?? '';
      const copied = [...dockerfile.matchAll(/^COPY ([\w.-]+)(\/?) /gm)].map(([, name, slash]) => `${name}${slash}`);
      const isGiven = (wanted: string) =>
        recipe.files.some(({ name }) => (wanted.endsWith('/') ? name.startsWith(wanted) : name === wanted));
      assert.deepEqual(
        copied.filter((name) => !['devcontainer-base.tar', 'extra-ca/'].includes(name) && !isGiven(name)),
        [],
      );
      assert.ok(copied.length >= 4);
    });

    it('gives the same name for the same content, and another for any change', () => {
      const { files, imageName } = recipe;
      assert.equal(imageNameOf(recipe), imageName);
      const names = files.map((changed) => {
        const others = files.map((file) => (file === changed ? { ...file, content: `${file.content} ` } : file));
        return imageNameOf({ ...recipe, files: others });
      });
      assert.equal(new Set([imageName, ...names]).size, files.length + 1);
    });
  });
}

describe('the name of the agent image', () => {
  it('depends on which agents it holds, and not on their order', () => {
    const named = (...agents: string[]) => agentRecipe(agents).imageName;
    assert.equal(named('codex', 'claude'), named('claude', 'codex'));
    assert.notEqual(named('codex'), named('claude', 'codex'));
  });
});
