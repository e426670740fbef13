/** Where builds get their packages. Code hosts are not among them: a run's repository comes and goes through Pawl. */
export const packageRegistries: readonly string[] = [
  // npm, yarn, Node's own headers
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'nodejs.org'],
  // Python
  ...['pypi.org', 'files.pythonhosted.org'],
  // Rust
  ...['crates.io', 'index.crates.io', 'static.crates.io', 'static.rust-lang.org'],
  // Go
  ...['proxy.golang.org', 'sum.golang.org'],
  // Java
  ...['repo.maven.apache.org', 'repo1.maven.org', 'plugins.gradle.org'],
  // Ruby, PHP
  ...['rubygems.org', 'index.rubygems.org', 'repo.packagist.org'],
  // Debian
  ...['deb.debian.org', 'security.debian.org'],
];
