/** What a run leaves for its owner, and the names that it has within. */

/** Artifact → the file of the run that it is; `null` for those that are made of its events. */
export const artifactFiles = {
  diff: 'changes.diff',
  bundle: 'result.bundle',
  transcript: null,
  logs: null,
} as const;

export type ArtifactName = keyof typeof artifactFiles;

export const artifactNames = Object.keys(artifactFiles) as [ArtifactName, ...ArtifactName[]];

/** The artifacts among the files of a run; the others are its own business. */
export function artifactsAmong(files: readonly string[]): ArtifactName[] {
  return artifactNames.filter((name) => {
    const file = artifactFiles[name];
    return file === null || files.includes(file);
  });
}
