/** Text that tries to break out of wherever it is put: shells, YAML, JSON, git's options and helpers. */

/** Every entry would leave a file at `canary` if any part of it were ever run. */
export function hostileTexts(canary: string): string[] {
  const run = `touch ${canary}`;
  return [
    `$(${run})`,
    `\`${run}\``,
    `'; ${run}; '`,
    `"; ${run}; "`,
    `x\n${run}\n`,
    `x\r\n${run}`,
    `&& ${run}`,
    `| ${run}`,
    `\${IFS}$(${run})`,
    `--upload-pack=${run}`,
    `-u ${run}`,
    `--config=core.sshCommand=${run}`,
    `-c core.fsmonitor=${run}`,
    `ext::sh -c ${run}`,
    `ext::sh -c "${run}"`,
    `fd::17/${run}`,
    `file:///tmp/$(${run})`,
    `ssh://-oProxyCommand=${run}/x`,
    `https://example.invalid/$(${run}).git`,
    `https://example.invalid/'"\`;|&<>{}[]#!%@.git`,
    `: ${run}`,
    `- ${run}`,
    `runcmd: [[sh, -c, "${run}"]]`,
    `x\nruncmd:\n  - ${run}\n`,
    `"\nruncmd:\n  - ${run}\n"`,
    `!!python/object/apply:os.system ["${run}"]`,
    `{{ ${run} }}`,
    `## template: jinja\n{{ cycler.__init__.__globals__.os.popen('${run}') }}`,
    `&anchor *alias ? : , # %`,
    `\\"; ${run}; \\"`,
    `EOF\n${run}\nEOF`,
    `\u202e${run}\u2028${run}\u2029`,
    `日本語-ﬁ-🦫-${run}`,
    `\u0000${run}`,
    `\u001b]0;${run}\u0007`,
    'x'.repeat(2000),
  ];
}
