/** Files by which a push makes somebody else's machine run something, with secrets in reach. */

const ciPaths = [
  ...['.github/workflows', '.github/actions', '.gitea/workflows', '.forgejo/workflows'],
  ...['.gitlab-ci.yml', '.gitlab/ci', '.circleci', '.travis.yml', '.buildkite', '.teamcity', '.semaphore'],
  ...['azure-pipelines.yml', '.azure-pipelines', 'bitbucket-pipelines.yml', 'jenkinsfile', 'cloudbuild.yaml'],
  ...['.drone.yml', '.woodpecker', '.woodpecker.yml', 'appveyor.yml', '.appveyor.yml', '.cirrus.yml', '.ci'],
];

/** Whether the path is such a file, lies in such a folder, or stands where such a folder would be (as a link, say). */
export function isCiFile(path: string): boolean {
  const lower = path.toLowerCase();
  return ciPaths.some((ci) => lower === ci || lower.startsWith(`${ci}/`) || ci.startsWith(`${lower}/`));
}
