/** One reason why a change may not leave. */
export interface Finding {
  /** As git names it; `(commit message)` and `(all files)` stand for what has no path. */
  path: string;
  rule: 'ci-file' | 'file-size' | 'known-secret' | 'secret' | 'symlink' | 'submodule' | 'total-size' | 'unreadable';
  /** For the user; holds nothing of the file's content. */
  reason: string;
}
