import path from 'node:path/posix';

/**
 * What is wrong with a symbolic link of this target at this place; `undefined` when it stays inside the tree whatever else
 * is there. A way up after a way down is refused too: the way down may lead through another link, and then up to elsewhere.
 */
export function symlinkFault(place: string, target: string): string | undefined {
  if (target === '' || target.includes('\0')) return 'The symbolic link has no target.';
  if (path.isAbsolute(target)) return 'The symbolic link has an absolute target.';
  const steps = target.split('/').filter((step) => step !== '' && step !== '.');
  const up = steps.findIndex((step) => step !== '..');
  const ups = up < 0 ? steps.length : up;
  if (steps.slice(ups).includes('..')) return 'The symbolic link leads down and up again.';
  if (ups > place.split('/').length - 1) return 'The symbolic link leads out of the repository.';
  const inside = path.join(path.dirname(place), target);
  return /^\.git(\/|$)/i.test(inside) ? 'The symbolic link leads into .git.' : undefined;
}
